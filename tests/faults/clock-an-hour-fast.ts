import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { rows } from '../journeys/state.ts';
import { eventsOf, eventually, readReferral, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import type { ServiceFaults } from './service-faults.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  untilOfferOpen,
} from './shelter-with-people.ts';

/** Business time runs at a fifth here: so much more than an hour of it, the soft deadline of an emergency. */
const AHEAD_MS = hours(6);

export function clockAnHourFast(world: () => World, faults: () => ServiceFaults): void {
  it('closes no offer, raises an alert with the reason, and goes on when the clock is right again', async () => {
    const shelter = await openShelterWithBeds(world(), 2);
    const people = await requestReferrals(world(), 2);
    for (const person of people) await untilOfferOpen(world(), person);
    world().onJourneyEnd(() => faults().setClockAhead(0));
    await faults().setClockAhead(AHEAD_MS);
    await untilAlert(world(), 'ClockDisagrees');
    for (const { healthUrl } of world().platform.service('referral').replicas)
      await untilOverdue(healthUrl);
    const passed = `SELECT type FROM journal WHERE aggregate_id = ANY ($1) AND type IN ('OfferReminded', 'OfferSoftened', 'OfferClosed')`;
    const ids = people.map(({ referralId }) => referralId);
    expect(await rows(world(), 'referral', passed, [ids])).toEqual([]);
    await faults().setClockAhead(0);
    for (const { healthUrl } of world().platform.service('referral').replicas)
      await untilAgreed(healthUrl);
    await bringToPlaced(world(), { shelter, people });
    await eachHasOneBed(world(), { shelter, people });
    for (const id of ids)
      expect(eventsOf(await readReferral(world(), id))).not.toContain('OfferSoftened');
  });
}

/** By the clock of this process deadlines are long past, its clock does not agree, and its timers still look. */
const untilOverdue = (healthUrl: string): Promise<void> =>
  eventually(async () => {
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/^opennrm_timers_overdue [1-9]/m);
    const { clock, timers } = await partsOf(healthUrl);
    expect([clock.agrees, timers.moving]).toEqual([false, true]);
  });

/** A replica whose clock is still ahead takes the tokens of this test for old ones. */
const untilAgreed = (healthUrl: string): Promise<void> =>
  eventually(async () => expect((await partsOf(healthUrl)).clock.agrees).toBe(true));

interface PartsSeen {
  readonly clock: { readonly agrees: boolean };
  readonly timers: { readonly moving: boolean };
}

const partsOf = async (healthUrl: string): Promise<PartsSeen> =>
  (await (await fetch(`${healthUrl}/parts`)).json()) as PartsSeen;
