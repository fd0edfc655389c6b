import {
  type Decision,
  hours,
  type Instant,
  instant,
  after as later,
} from '@opennrm/runtime/decision';
import type { ProviderRules } from './allocation.ts';
import { sharesApartId } from './apart.ts';
import type { HoldEvent } from './events.ts';
import { evolveHolds } from './evolve.ts';
import type { Confirmed, Held, HoldId, Kept, Terms } from './hold.ts';

/**
 * A synthetic provider for the specs of this folder: workers with places in a caseload. Each hold has places of one worker, and each worker
 * serves some services only.
 */
export interface Need extends Terms {
  readonly serviceId: string;
}
export interface Caseload {
  readonly workerId: string;
  readonly unitIds: readonly string[];
}
export type Cause = 'conflict-of-interest' | 'no-free-unit';

/** The provider's own addition to the states of a hold. */
type Running = Kept<Need, Caseload> & { readonly status: 'running' };
export type Matter = Held<Need, Caseload> | Confirmed<Need, Caseload> | Running;

export type RosterEvent =
  | HoldEvent<Need, Caseload, Cause>
  | { readonly type: 'WorkStarted'; readonly holdId: HoldId }
  | { readonly type: 'WorkEnded'; readonly holdId: HoldId };
export type RosterDecision = Decision<RosterEvent>;

export interface Worker {
  readonly workerId: string;
  readonly serves: readonly string[];
  readonly places: readonly string[];
}
export const workers: readonly Worker[] = [
  { workerId: 'ana', serves: ['advice', 'court'], places: ['a1', 'a2'] },
  { workerId: 'ben', serves: ['court'], places: ['b1', 'b2'] },
];

export const noon: Instant = instant(Date.UTC(2026, 2, 2, 12));
export const inHours = (n: number): Instant => later(noon, hours(n));
export const holdId = (name: string): HoldId => name as HoldId;
export const need = (more: Partial<Need> = {}): Need => ({
  serviceId: 'court',
  places: 1,
  apartIds: [],
  ...more,
});

const freePlaces = ({ places }: Worker, matters: readonly Matter[]): readonly string[] =>
  places.filter((one) => !matters.some((matter) => matter.unitIds.includes(one)));

export const roster: ProviderRules<Need, Caseload, Cause, Matter> = {
  allocate: ({ serviceId, places, apartIds }, matters) => {
    const worker = workers.find(
      (one) => one.serves.includes(serviceId) && freePlaces(one, matters).length >= places,
    );
    if (sharesApartId(matters, apartIds)) return { cause: 'conflict-of-interest' };
    if (!worker) return { cause: 'no-free-unit' };
    const unitIds = freePlaces(worker, matters).slice(0, places);
    return { workerId: worker.workerId, unitIds };
  },
  suffices: ({ workerId }, { serviceId }) =>
    workers.some((one) => one.workerId === workerId && one.serves.includes(serviceId)),
};

/** Another free place of the same worker. */
export const otherPlace =
  (matters: readonly Matter[]) =>
  ({ workerId }: Matter): string | undefined =>
    workers
      .filter((one) => one.workerId === workerId)
      .flatMap((one) => freePlaces(one, matters))[0];

export function evolve(
  before: readonly Matter[] | undefined,
  event: RosterEvent,
): readonly Matter[] {
  const matters = before ?? [];
  switch (event.type) {
    case 'WorkStarted':
      return matters.map((one) => (one.holdId === event.holdId ? started(one) : one));
    case 'WorkEnded':
      return matters.filter((one) => one.holdId !== event.holdId);
    default:
      return evolveHolds<Need, Caseload, Matter>(matters, event);
  }
}

const started = ({ holdId, terms, workerId, unitIds }: Matter): Matter => ({
  status: 'running',
  holdId,
  terms,
  workerId,
  unitIds,
});

interface Given {
  readonly terms?: Partial<Need>;
  readonly workerId?: string;
}

export const held = (name: string, unitIds: readonly string[], more: Given = {}): RosterEvent => ({
  type: 'UnitsHeld',
  until: inHours(2),
  ...given(name, unitIds, more),
});

export const confirmed = (
  name: string,
  unitIds: readonly string[],
  more: Given = {},
): RosterEvent => ({ type: 'UnitsConfirmed', ...given(name, unitIds, more) });

export const running = (
  name: string,
  unitIds: readonly string[],
  more: Given = {},
): RosterEvent[] => [confirmed(name, unitIds, more), { type: 'WorkStarted', holdId: holdId(name) }];

const given = (name: string, unitIds: readonly string[], { terms, workerId = 'ana' }: Given) => ({
  holdId: holdId(name),
  workerId,
  unitIds,
  terms: need({ places: unitIds.length, ...terms }),
});
