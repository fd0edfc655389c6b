import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { allMessagesConsumed, rows } from '../journeys/state.ts';
import { eventually, readReferral, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  untilAllAsked,
} from './shelter-with-people.ts';

const BACK_WITHIN_MS = 80_000;

export function allBrokersAwayAnHour(world: () => World): void {
  it('requests are accepted while all brokers are away, an alert is raised, and everything is sent when they are back', async () => {
    const shelter = await openShelterWithBeds(world(), 4);
    await allMessagesConsumed(world());
    const { nodes } = world().platform.kafka;
    await Promise.all(nodes.map((node) => node.kill()));
    const people = await requestReferrals(world(), 4);
    await world().advanceTime(hours(1));
    await eventually(async () => {
      for (const { referralId } of people)
        expect((await readReferral(world(), referralId)).state).toBe('unplaced');
    });
    expect((await rows(world(), 'referral', 'SELECT 1 FROM outbox')).length).toBeGreaterThan(4);
    await untilAlert(world(), 'MessagesNotSent');
    await Promise.all(nodes.map((node) => node.start()));
    // A consumer that found no broker tries again after up to half a minute, and then joins its group again.
    await allMessagesConsumed(world(), BACK_WITHIN_MS);
    await world().advanceTime(hours(7));
    await untilAllAsked(world(), people);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
  });
}
