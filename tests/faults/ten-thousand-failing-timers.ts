import { hours } from '@opennrm/runtime/decision';
import { it } from 'vitest';
import { rows } from '../journeys/state.ts';
import { eventsOf, eventually, readReferral, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import { openShelterWithBeds, requestReferrals, untilOfferOpen } from './shelter-with-people.ts';

const MANY = 10_000;

export function tenThousandFailingTimers(world: () => World): void {
  it('the deadline of an offer fires despite ten thousand older deadlines that fail, and an alert is raised', async () => {
    await openShelterWithBeds(world(), 1);
    const [person] = await requestReferrals(world(), 1);
    if (!person) throw new Error('no referral was requested');
    await untilOfferOpen(world(), person);
    await addUnreadable(world(), person.referralId);
    await world().advanceTime(hours(25));
    await untilAlert(world(), 'DeadlinesFailing');
    await eventually(async () => {
      const events = eventsOf(await readReferral(world(), person.referralId));
      if (!events.includes('OfferClosed'))
        throw new Error(`the offer is not closed after ${events}`);
    }, 90_000);
  });
}

/** Adds copies of a referral with a state that no version can read, each with a deadline in the past. */
async function addUnreadable(world: World, referralId: string): Promise<void> {
  const columns = (
    await rows<{ name: string }>(
      world,
      'referral',
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name = 'referral' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'state')`,
    )
  ).map(({ name }) => `"${name}"`);
  await rows(
    world,
    'referral',
    `INSERT INTO referral (id, state, ${columns}) SELECT gen_random_uuid(), '{}', ${columns}
     FROM referral, generate_series(1, ${MANY}) WHERE id = $1`,
    [referralId],
  );
  const unreadable = `FROM referral WHERE state = '{}'`;
  world.onJourneyEnd(async () => {
    await rows(
      world,
      'referral',
      `DELETE FROM timers WHERE aggregate_id IN (SELECT id ${unreadable})`,
    );
    await rows(world, 'referral', `DELETE ${unreadable}`);
  });
  await rows(
    world,
    'referral',
    `INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) SELECT 'referral', id, generation, 'test', 1 ${unreadable}`,
  );
}
