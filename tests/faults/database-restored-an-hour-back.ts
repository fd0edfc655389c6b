import { topics } from '@opennrm/contracts/topics';
import { restoreSnapshot, takeSnapshot } from '@opennrm/infra/local';
import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { confirmedOffer, recordAnswers } from '../journeys/person.ts';
import { allMessagesConsumed } from '../journeys/state.ts';
import { unitsIn } from '../journeys/units.ts';
import { readReferral, untilState, type World } from '../journeys/world.ts';
import { startAll, stopAll } from './processes.ts';
import {
  bringToPlaced,
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  takeOutOfService,
  untilOfferOpen,
} from './shelter-with-people.ts';

const service = 'shelter-capacity';
const topic = topics.referralForShelterCapacity.name;

export function databaseRestoredAnHourBack(world: () => World): void {
  it('receives again what the backup lacked, gives the same beds to the same people, and lists what cannot be received again', async () => {
    const shelter = await openShelterWithBeds(world(), 6);
    const people = await requestReferrals(world(), 2);
    await bringToPlaced(world(), { shelter, people });
    await allMessagesConsumed(world());
    const { adminUrl } = world().platform.postgres;
    const database = new URL(world().platform.service(service).ownerUrl).pathname.slice(1);
    const backup = new Date();
    const copy = await takeSnapshot(adminUrl, database);
    await world().advanceTime(hours(1));
    const later = await requestReferrals(world(), 2);
    await bringToPlaced(world(), { shelter, people: later });
    const [outOfOrder = ''] = await takeOutOfService(world(), shelter);
    await allMessagesConsumed(world());

    await stopAll(world(), service);
    await restoreSnapshot(adminUrl, { service, database, copy });
    const report = await ops(world(), 'reconcile', service);
    for (const person of later) expect(report).toContain(await offerOf(world(), person.referralId));
    expect(report).toMatch(/lost by sender +shelter-capacity/);
    expect(report).toMatch(/not received +shelter-capacity/);
    expect(await ops(world(), 'after-restore', service, '--yes')).toMatch(
      /sends with epoch \d+ from now on/,
    );
    await untilNobodyReads(world(), backup);
    await startAll(world(), service);
    await allMessagesConsumed(world());

    await eachHasOneBed(world(), { shelter, people: [...people, ...later] });
    // What its own staff did in that hour is on no topic: it is named, and a person does it again.
    expect(await unitsIn(world(), shelter, 'out-of-service')).toBe(0);
    expect(report).toContain(shelter.serviceId);
    expect(outOfOrder).not.toBe('');
    const [next] = await requestReferrals(world(), 1);
    if (!next) throw new Error('nobody asked');
    const offerId = await untilOfferOpen(world(), next);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), next.referralId, 'awaiting-person');
    await recordAnswers(world(), next, true);
    await eachHasOneBed(world(), { shelter, people: [...people, ...later, next] });
  });
}

const offerOf = async (world: World, referralId: string): Promise<string> =>
  confirmedOffer(await readReferral(world, referralId));

/** The group of a process that was stopped is empty at once. */
async function untilNobodyReads(world: World, backup: Date): Promise<void> {
  const said = await ops(world, 'rewind', service, topic, '--to', backup.toISOString(), '--yes');
  expect(said).toContain('reads opennrm.referral.shelter-capacity.v1 again from');
}
