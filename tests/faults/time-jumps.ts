import { hours, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { rows } from '../journeys/state.ts';
import { eventsOf, eventually, readReferral, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { lockRows } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  untilOfferOpen,
} from './shelter-with-people.ts';

export function timeJumps(world: () => World): void {
  it('after a jump of business time each passed deadline is handled once, in the order of the deadlines, and the beds are released', async () => {
    const shelter = await openShelterWithBeds(world(), 3);
    const people = await requestReferrals(world(), 3);
    for (const person of people) await untilOfferOpen(world(), person);
    const lock = await lockRows(
      world(),
      'referral',
      'SELECT 1 FROM referral WHERE id = $1 FOR UPDATE',
      [people[0]?.referralId],
    );
    await world().advanceTime(hours(25));
    await untilAlert(world(), 'DeadlinesOverdue');
    await lock.unlock();
    await eventually(async () => {
      for (const { referralId } of people) {
        const events = eventsOf(await readReferral(world(), referralId)).filter((type) =>
          /^Offer[RSC]/.test(type),
        );
        expect(events).toEqual(['OfferReminded', 'OfferReminded', 'OfferSoftened', 'OfferClosed']);
      }
    });
    const overdue = 'SELECT id FROM referral WHERE next_step_by < $1';
    await eventually(async () =>
      expect(await rows(world(), 'referral', overdue, [world().now() - minutes(1)])).toEqual([]),
    );
    const taken = 'SELECT 1 FROM occupancy WHERE provider_id = $1';
    await eventually(async () =>
      expect(await rows(world(), 'shelter-capacity', taken, [shelter.id])).toEqual([]),
    );
    const others = { shelter, people: await requestReferrals(world(), 3) };
    await bringToPlaced(world(), others);
    await eachHasOneBed(world(), others);
  });
}
