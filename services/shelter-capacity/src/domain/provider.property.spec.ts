import { expect, it } from 'vitest';
import { nextDeadline } from './deadlines.ts';
import { always, elsewhere, foreign, newlyPlaced } from './history.fixture.ts';
import { freeOf, holdOf, siteOf } from './provider.ts';
import { flat } from './shelter.fixture.ts';
import type { Site } from './site.ts';

it(
  'one unit has one holder',
  always(({ after }) => {
    const occupied = after.holds.flatMap((hold) => hold.unitIds);
    expect(new Set(occupied).size).toBe(occupied.length);
    expect(new Set(after.holds.map((hold) => hold.holdId)).size).toBe(after.holds.length);
  }),
);

it(
  "no unit of another organisation's service is confirmed or counted as free",
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
  'a party has one unit for each member, all at one site, or none',
  always((result) => {
    for (const hold of result.after.holds) expect(hold.unitIds).toHaveLength(hold.terms.places);
    for (const { siteId, unitIds } of newlyPlaced(result)) {
      const site = siteOf(result.after, siteId);
      const there = site?.count
        ? unitIds.every((one) => one.startsWith(`${flat}/`))
        : unitIds.every((one) => site?.rooms.some((r) => r.unitIds.includes(one)));
      expect(there).toBe(true);
    }
  }),
);

it(
  'no person is newly placed where a person to be kept apart is',
  always((result) => {
    for (const placed of newlyPlaced(result)) {
      const others = result.before.holds
        .filter((hold) => hold.holdId !== placed.holdId)
        .flatMap((hold) => hold.terms.apartIds);
      expect(placed.terms.apartIds.filter((one) => others.includes(one))).toEqual([]);
    }
  }),
);

it(
  'no person is newly placed, or moved by an event, to a unit that is out of service, insufficient, or for another group',
  always((result) => {
    const moved = result.events.flatMap((event) =>
      event.type === 'HoldMoved' ? [holdOf(result.after, event.holdId)] : [],
    );
    for (const one of [...newlyPlaced(result), ...moved]) {
      const site = one && siteOf(result.after, one.siteId);
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
  "the free number is the usable units less those in use, never negative, and zero while suspended or of another organisation's service",
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
  'every change of a free number is announced with the new number',
  always(({ before, after, events }) => {
    for (const { serviceId: service } of after.sites) {
      const announced = events.flatMap((event) =>
        event.type === 'CapacityChanged' && event.serviceId === service ? [event.free] : [],
      );
      const changed = freeOf(before, service) !== freeOf(after, service);
      expect(announced).toEqual(changed ? [freeOf(after, service)] : []);
    }
  }),
);

it(
  'every hold that is not confirmed yet, and every absence, has a deadline',
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
  'only staff end a stay, and the end of a confirmed place is always announced',
  always(({ before, after, events }) => {
    for (const hold of before.holds.filter((one) => !holdOf(after, one.holdId))) {
      const types = events.flatMap((event) =>
        'holdId' in event && event.holdId === hold.holdId ? [event.type] : [],
      );
      const ends = hold.status === 'stay' ? ['StayEnded'] : ['HoldReleased', 'UnitsUnavailable'];
      expect(types.filter((type) => ends.includes(type))).toHaveLength(1);
    }
  }),
);
