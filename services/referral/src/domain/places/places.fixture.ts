import {
  type Decision,
  hours,
  type Instant,
  instant,
  after as later,
} from '@opennrm/runtime/decision';
import type { OrganisationId, ServiceId } from '../need.ts';
import type { Declared, Slot } from './declared.ts';
import type { PlacesEvent } from './events.ts';
import type { HoldId, PlacesHold, PlacesTerms } from './hold.ts';
import { evolvePlaces, type Places } from './places.ts';

/** A synthetic service of the directory for the specs of this folder. */
export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
export const inHours = (n: number): Instant => later(noon, hours(n));

export const serviceId = 'service' as ServiceId;
export const organisationId = 'organisation' as OrganisationId;
export const holdId = (name: string): HoldId => name as HoldId;
export const mine = holdId('mine');

export const slot = (inHour: number, places = 1): Slot => ({ start: inHours(inHour), places });
/** A unit of the slot that starts in so many hours. */
export const unitAt = (inHour: number, nth = 1): string => `${inHours(inHour)}/${nth}`;

export const count = (places: number): Declared => ({ kind: 'count', places });
export const book = (...slots: readonly Slot[]): Declared => ({ kind: 'appointments', slots });
export const caseload = (limit: number, limitOfWorker?: number): Declared => ({
  kind: 'caseload',
  limit,
  limitOfWorker,
});

export const terms = (more: Partial<PlacesTerms> = {}): PlacesTerms => ({
  serviceId,
  unitKind: 'place',
  places: 1,
  apartIds: [],
  ...more,
});
export const ofBook = (more: Partial<PlacesTerms> = {}): PlacesTerms =>
  terms({ unitKind: 'appointment', ...more });
export const ofCaseload = (more: Partial<PlacesTerms> = {}): PlacesTerms =>
  terms({ unitKind: 'caseload-slot', ...more });

export const declares = (declared: Declared, at = noon): PlacesEvent => ({
  type: 'PlacesDeclared',
  at,
  serviceId,
  organisationId,
  declared,
});

const withUnits = (name: string, unitIds: readonly string[], more: Partial<PlacesTerms>) => ({
  holdId: holdId(name),
  unitIds,
  terms: terms({ places: unitIds.length, ...more }),
});

export const held = (
  name: string,
  unitIds: readonly string[],
  more: Partial<PlacesTerms> = {},
): PlacesEvent => ({ type: 'UnitsHeld', until: inHours(9_999), ...withUnits(name, unitIds, more) });

export const confirmed = (
  name: string,
  unitIds: readonly string[],
  more: Partial<PlacesTerms> = {},
): PlacesEvent => ({ type: 'UnitsConfirmed', ...withUnits(name, unitIds, more) });

export const started = (
  name: string,
  unitIds: readonly string[],
  more: Partial<PlacesTerms> = {},
  workerId?: string,
): PlacesEvent => ({ type: 'ServiceBegun', workerId, ...withUnits(name, unitIds, more) });

export const agreed = (name: string, inHour: number, unitIds: readonly string[]): PlacesEvent => ({
  type: 'AppointmentAgreed',
  holdId: holdId(name),
  at: inHours(inHour),
  unitIds,
});

/** The service acts within so many hours: everybody agreed, or an appointment was missed. */
export const awaited = (name: string, withinHours: number, isReminder = false): PlacesEvent => ({
  type: 'DeliveryAwaited',
  holdId: holdId(name),
  awaited: { by: inHours(withinHours), isReminder },
});

export const missed = (name: string): PlacesEvent => ({
  type: 'AppointmentMissed',
  holdId: holdId(name),
  code: 'did-not-come',
});

export const placesAfter = (...events: readonly PlacesEvent[]): Places =>
  events.reduce<Places | undefined>(evolvePlaces, undefined) as Places;

export const holdAfter = (state: Places, name = 'mine'): PlacesHold | undefined =>
  state.holds.find((one) => one.holdId === name);

/** A decision in one line: the types of its events, or its code. */
export function summaryOf(decision: Decision<PlacesEvent, string>): string {
  switch (decision.kind) {
    case 'accepted':
      return decision.events.map(({ type }) => type).join(' ');
    case 'refused':
      return `refused: ${decision.refusal}`;
    case 'ignored':
      return `ignored: ${decision.reason}`;
  }
}
