import { type Decision, hours, type Instant, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect } from 'vitest';
import { timePasses } from './deadlines.ts';
import type { ProviderEvent } from './events.ts';
import type { HoldId } from './hold.ts';
import { addApart, confirmHold, releaseHold, requestHold, resizeHold } from './holding.ts';
import { evolve, holdOf, type Provider } from './provider.ts';
import { flat, house, houseWith, noon, room, serviceId, terms } from './shelter.fixture.ts';
import type { ServiceId, SiteId, UnitId } from './site.ts';
import {
  declareCount,
  registerSite,
  reinstateService,
  returnToService,
  suspendService,
  takeOutOfService,
} from './sites.ts';
import {
  endStay,
  moveWithin,
  recordAbsent,
  recordArrival,
  recordMissing,
  recordReturned,
} from './stay.ts';

/** Anything that can be asked of a provider, in any order. */
type Step = (provider: Provider, now: Instant) => Decision<ProviderEvent, string>;

const counted = 'counted' as ServiceId;
export const foreign = 'foreign' as ServiceId;
export const elsewhere = 'elsewhere' as SiteId;
const UNITS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => name as UnitId);
const start: Provider = [
  ...houseWith(
    room('one', ['a', 'b', 'c']),
    room('two', ['d', 'e'], { attributes: ['step-free'], groups: ['women'] }),
    room('three', ['f'], { attributes: ['step-free', 'own-room'] }),
  ),
  { type: 'ServiceRegistered', serviceId: counted } as ProviderEvent,
  {
    type: 'SiteRegistered',
    siteId: flat,
    serviceId: counted,
    unitKind: 'bed',
    rooms: [],
  } as ProviderEvent,
  // As in an older row: this organisation registered a site for the service of another.
  {
    type: 'SiteRegistered',
    siteId: elsewhere,
    serviceId: foreign,
    unitKind: 'bed',
    rooms: [room('four', ['g', 'h'])],
  } as ProviderEvent,
].reduce<Provider>((provider, event) => evolve(provider, event), undefined as unknown as Provider);

const holds = fc.constantFrom(
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7'].map((name) => name as HoldId),
);
const units = fc.constantFrom(...UNITS, ...[1, 2, 3].map((nth) => `${flat}/${nth}` as UnitId));
const places = fc.integer({ min: 1, max: 3 });
const asked = fc
  .record({
    serviceId: fc.constantFrom(serviceId, serviceId, counted, foreign),
    places,
    group: fc.constantFrom('women', 'men'),
    attributes: fc.subarray(['step-free', 'own-room'], { maxLength: 1 }),
    apartIds: fc.subarray(['pair-1', 'pair-2', 'pair-3'], { maxLength: 2 }),
  })
  .map(terms);
const ahead = fc.integer({ min: 1, max: 48 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(holds, asked, ahead).map(
      ([holdId, what, h]): Step =>
        (p, now) =>
          requestHold(p, holdId, what, later(now, hours(h)), now),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(holds, asked).map(
      ([holdId, what]): Step =>
        (p, now) =>
          confirmHold(p, holdId, what, now),
    ),
  },
  holds.map(
    (holdId): Step =>
      (p, now) =>
        releaseHold(p, holdId, 'asked', now),
  ),
  fc.tuple(holds, places).map(
    ([holdId, n]): Step =>
      (p, now) =>
        resizeHold(p, holdId, n, now),
  ),
  fc.tuple(holds, fc.constantFrom('pair-1', 'pair-2')).map(
    ([holdId, one]): Step =>
      (p, now) =>
        addApart(p, holdId, one, now),
  ),
  {
    weight: 3,
    arbitrary: holds.map(
      (holdId): Step =>
        (p, now) =>
          recordArrival(p, holdId, now),
    ),
  },
  fc.tuple(holds, ahead).map(
    ([holdId, h]): Step =>
      (p, now) =>
        recordAbsent(p, holdId, later(now, hours(h)), now),
  ),
  holds.map(
    (holdId): Step =>
      (p) =>
        recordMissing(p, holdId),
  ),
  holds.map(
    (holdId): Step =>
      (p) =>
        recordReturned(p, holdId),
  ),
  fc.tuple(holds, fc.array(units, { maxLength: 3 })).map(
    ([holdId, to]): Step =>
      (p) =>
        moveWithin(p, holdId, to),
  ),
  holds.map(
    (holdId): Step =>
      (p, now) =>
        endStay(p, holdId, 'moved-on', now),
  ),
  units.map(
    (unitId): Step =>
      (p, now) =>
        takeOutOfService(p, unitId, 'repair', now),
  ),
  units.map(
    (unitId): Step =>
      (p, now) =>
        returnToService(p, unitId, now),
  ),
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(4), fc.nat(4)).map(
      ([n, others]): Step =>
        (p, now) =>
          declareCount(p, { siteId: flat, units: n, occupiedByOthers: others }, now),
    ),
  },
  fc.constant<Step>((p, now) => suspendService(p, serviceId, now)),
  { weight: 2, arbitrary: fc.constant<Step>((p, now) => reinstateService(p, serviceId, now)) },
  { weight: 2, arbitrary: fc.constant<Step>(timePasses) },
  fc.constant<Step>((p, now) =>
    registerSite(p, { siteId: house, serviceId, unitKind: 'bed', rooms: [] }, now),
  ),
);
const histories = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 12 })), {
  minLength: 1,
  maxLength: 40,
  size: 'max',
});

export interface Result {
  readonly before: Provider;
  readonly after: Provider;
  readonly events: readonly ProviderEvent[];
}

/** Plays a history. Between two decisions the state is converted to JSON and back, as for its row. */
function replaySteps(
  steps: readonly (readonly [Step, number])[],
  check: (result: Result) => void,
): void {
  let [provider, now] = [start, noon];
  for (const [decide, hoursOn] of steps) {
    now = later(now, hours(hoursOn));
    const decision = decide(provider, now);
    if (decision.kind !== 'accepted') continue;
    const after = decision.events.reduce<Provider>(evolve, provider);
    check({ before: provider, after, events: decision.events });
    provider = JSON.parse(JSON.stringify(after)) as Provider;
    expect(provider).toEqual(after);
  }
}

/** Checks a property after each decision of many random histories. */
export const always = (check: (result: Result) => void) => () =>
  fc.assert(fc.property(histories, (steps) => replaySteps(steps, check)));

/** The events that give units to a hold that had none. */
export const newlyPlaced = ({ before, events }: Result) =>
  events.flatMap((event) =>
    event.type === 'UnitsHeld' || (event.type === 'UnitsConfirmed' && !holdOf(before, event.holdId))
      ? [event]
      : [],
  );
