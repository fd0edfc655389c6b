import { hours, type Instant, instant, after as later } from '@opennrm/runtime/decision';
import type { ProviderEvent } from './events.ts';
import type { HoldId, HoldTerms } from './hold.ts';
import type { OrganisationId, Room, ServiceId, SiteId, UnitId } from './site.ts';

/** A small synthetic shelter for the specs of this folder. */
export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
export const inHours = (n: number): Instant => later(noon, hours(n));

export const serviceId = 'service' as ServiceId;
export const house = 'house' as SiteId;
export const flat = 'flat' as SiteId;
export const unit = (name: string): UnitId => name as UnitId;
export const hold = (name: string): HoldId => name as HoldId;

export const room = (
  roomId: string,
  unitIds: readonly string[],
  more: Partial<Room> = {},
): Room => ({
  roomId,
  attributes: [],
  groups: [],
  unitIds: unitIds.map(unit),
  ...more,
});

export const terms = (more: Partial<HoldTerms> = {}): HoldTerms => ({
  serviceId,
  unitKind: 'bed',
  places: 1,
  attributes: [],
  apartIds: [],
  group: 'women',
  ...more,
});

const began: ProviderEvent = {
  type: 'ProviderBegan',
  organisationId: 'provider' as OrganisationId,
};

/** A provider with a service of the directory, without a site. */
export const withoutSites: readonly ProviderEvent[] = [
  began,
  { type: 'ServiceRegistered', serviceId },
];

/** A house with these rooms. */
export const houseWith = (...rooms: readonly Room[]): ProviderEvent[] => [
  ...withoutSites,
  { type: 'SiteRegistered', siteId: house, serviceId, unitKind: 'bed', rooms },
];

/** A flat with a declared count. */
export const flatWith = (units: number, occupiedByOthers: number): ProviderEvent[] => [
  ...withoutSites,
  { type: 'SiteRegistered', siteId: flat, serviceId, unitKind: 'bed', rooms: [] },
  { type: 'CountDeclared', siteId: flat, units, occupiedByOthers, at: noon },
];

interface HeldUnits {
  readonly siteId?: SiteId;
  readonly terms?: Partial<HoldTerms>;
}

/** These units are held until two hours after noon. */
export const held = (
  holdId: string,
  units: readonly string[],
  more: HeldUnits = {},
): ProviderEvent => ({
  type: 'UnitsHeld',
  holdId: hold(holdId),
  siteId: more.siteId ?? house,
  unitIds: units.map(unit),
  terms: terms({ places: units.length, ...more.terms }),
  until: inHours(2),
});

export const confirmed = (
  holdId: string,
  units: readonly string[],
  more: HeldUnits = {},
): ProviderEvent => ({
  type: 'UnitsConfirmed',
  holdId: hold(holdId),
  siteId: more.siteId ?? house,
  unitIds: units.map(unit),
  terms: terms({ places: units.length, ...more.terms }),
});

/** A person stays in these units. */
export const staying = (
  holdId: string,
  units: readonly string[],
  more: HeldUnits = {},
): ProviderEvent[] => [
  confirmed(holdId, units, more),
  { type: 'Arrived', holdId: hold(holdId), at: noon },
];
