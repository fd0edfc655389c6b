import { type Decision, hours, type Instant, after as later } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextDeadline, timePasses } from './deadlines.ts';
import type { ProviderEvent } from './events.ts';
import type { HoldId } from './hold.ts';
import { addApart, confirmHold, releaseHold, requestHold, resizeHold } from './holding.ts';
import { evolve, freeOf, holdOf, type Provider, siteOf } from './provider.ts';
import { flat, house, houseWith, noon, room, serviceId, terms } from './shelter.fixture.ts';
import type { ServiceId, Site, SiteId, UnitId } from './site.ts';
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

/** Anything that anybody may ask of a provider, in any order. */
type Step = (provider: Provider, now: Instant) => Decision<ProviderEvent, string>;

const counted = 'counted' as ServiceId;
const foreign = 'foreign' as ServiceId;
const elsewhere = 'elsewhere' as SiteId;
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
  // As a row of before: this organisation registered a place for the service of another.
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
const story = fc.array(fc.tuple(step, fc.integer({ min: 0, max: 12 })), {
  minLength: 1,
  maxLength: 40,
});

interface Told {
  readonly before: Provider;
  readonly after: Provider;
  readonly events: readonly ProviderEvent[];
}

/** Lives a story through, the state going to its row and back between any two decisions. */
function replaySteps(
  steps: readonly (readonly [Step, number])[],
  check: (told: Told) => void,
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

const always = (check: (told: Told) => void) => () =>
  fc.assert(fc.property(story, (steps) => replaySteps(steps, check)));

const newlyPlaced = ({ before, events }: Told) =>
  events.flatMap((event) =>
    event.type === 'BedHeld' || (event.type === 'BedConfirmed' && !holdOf(before, event.holdId))
      ? [event]
      : [],
  );

it(
  'one unit has one holder',
  always(({ after }) => {
    const occupied = after.holds.flatMap((hold) => hold.unitIds);
    expect(new Set(occupied).size).toBe(occupied.length);
    expect(new Set(after.holds.map((hold) => hold.holdId)).size).toBe(after.holds.length);
  }),
);

it(
  'nothing is promised, and nothing counted as free, of a service that the directory says is somebody else’s',
  always(({ after, events }) => {
    expect(freeOf(after, foreign)).toBe(0);
    expect(
      after.holds.filter((hold) => hold.terms.serviceId === foreign || hold.siteId === elsewhere),
    ).toEqual([]);
    expect(
      events.filter((event) => event.type === 'CapacityChanged' && event.serviceId === foreign),
    ).toEqual([]);
  }),
);

it(
  'a party has a unit for each, all at one site, or none',
  always((told) => {
    for (const hold of told.after.holds) expect(hold.unitIds).toHaveLength(hold.terms.places);
    for (const { siteId, unitIds } of newlyPlaced(told)) {
      const site = siteOf(told.after, siteId);
      const there = site?.count
        ? unitIds.every((one) => one.startsWith(`${flat}/`))
        : unitIds.every((one) => site?.rooms.some((r) => r.unitIds.includes(one)));
      expect(there).toBe(true);
    }
  }),
);

it(
  'nobody is newly placed where somebody to be kept apart from is',
  always((told) => {
    for (const placed of newlyPlaced(told)) {
      const others = told.before.holds
        .filter((hold) => hold.holdId !== placed.holdId)
        .flatMap((hold) => hold.terms.apartIds);
      expect(placed.terms.apartIds.filter((one) => others.includes(one))).toEqual([]);
    }
  }),
);

it(
  'nobody is newly placed or moved unasked where a unit is out of service, insufficient, or for another group',
  always((told) => {
    const moved = told.events.flatMap((event) =>
      event.type === 'HoldMoved' ? [holdOf(told.after, event.holdId)] : [],
    );
    for (const one of [...newlyPlaced(told), ...moved]) {
      const site = one && siteOf(told.after, one.siteId);
      if (!one || !site || site.count) continue;
      for (const unitId of one.unitIds) {
        const place = site.rooms.find((r) => r.unitIds.includes(unitId));
        expect(unitId in site.outOfService).toBe(false);
        expect(place?.attributes).toEqual(expect.arrayContaining([...one.terms.attributes]));
        expect(place?.groups.length === 0 || place?.groups.includes(one.terms.group)).toBe(true);
      }
    }
  }),
);

const usable = (site: Site): number =>
  site.count
    ? site.count.units - site.count.occupiedByOthers
    : site.rooms.flatMap((r) => r.unitIds).filter((one) => !(one in site.outOfService)).length;

it(
  'free is what is usable less what is taken, never below nothing, and none while suspended or of a service of somebody else',
  always(({ after }) => {
    for (const site of after.sites) {
      const occupied = after.holds
        .filter((hold) => hold.siteId === site.siteId)
        .flatMap((hold) => hold.unitIds).length;
      const none = after.suspended.includes(site.serviceId) || site.serviceId === foreign;
      const free = none ? 0 : Math.max(0, usable(site) - occupied);
      expect(freeOf(after, site.serviceId)).toBe(free);
    }
  }),
);

it(
  'every change of a free number is told, with the number as it is now',
  always(({ before, after, events }) => {
    for (const { serviceId: service } of after.sites) {
      const told = events.flatMap((event) =>
        event.type === 'CapacityChanged' && event.serviceId === service ? [event.free] : [],
      );
      const changed = freeOf(before, service) !== freeOf(after, service);
      expect(told).toEqual(changed ? [freeOf(after, service)] : []);
    }
  }),
);

it(
  'every hold that is not promised yet, and every absence, has a clock',
  always(({ after }) => {
    const dues = after.holds.flatMap((hold) => {
      if (hold.status === 'held') return [hold.until];
      const away =
        hold.status === 'stay' && hold.presence.kind === 'absent'
          ? hold.presence.keptUntil
          : undefined;
      return away === undefined ? [] : [away];
    });
    expect(nextDeadline(after)?.due).toBe(dues.length > 0 ? Math.min(...dues) : undefined);
  }),
);

it(
  'a stay ends by its staff and by nothing else, and a promise never ends without a word',
  always(({ before, after, events }) => {
    for (const hold of before.holds.filter((one) => !holdOf(after, one.holdId))) {
      const said = events.flatMap((event) =>
        'holdId' in event && event.holdId === hold.holdId ? [event.type] : [],
      );
      const ends = hold.status === 'stay' ? ['StayEnded'] : ['HoldReleased', 'BedNotAvailable'];
      expect(said.filter((type) => ends.includes(type))).toHaveLength(1);
    }
  }),
);
