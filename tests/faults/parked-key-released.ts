import { topics } from '@opennrm/contracts/topics';
import { call } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { ops } from '../journeys/ops.ts';
import { recordAnswers } from '../journeys/person.ts';
import { rows } from '../journeys/state.ts';
import { eventually, untilState, type World } from '../journeys/world.ts';
import { untilAlert } from './alerting.ts';
import {
  eachHasOneBed,
  openShelterWithBeds,
  requestReferrals,
  untilOfferOpen,
} from './shelter-with-people.ts';
import { allNumbersConsumed, sendAsNewerVersion } from './streams.ts';

const topic = topics.shelterCapacityForReferral;

export function parkedKeyReleased(world: () => World): void {
  it('a parked key continues with all its waiting messages when an operator skips the message that cannot be read', async () => {
    const shelter = await openShelterWithBeds(world(), 1);
    const people = await requestReferrals(world(), 1);
    const [person] = people;
    if (!person) throw new Error('no referral was requested');
    const offerId = await untilOfferOpen(world(), person);
    const unreadable = {
      topic: topic.name,
      key: offerId,
      type: 'opennrm.capacity.v1.UnitHeld',
    };
    await sendAsNewerVersion(world(), 'shelter-capacity', {
      ...unreadable,
      value: Buffer.from('written by a mistake'),
    });
    const waiting = 'SELECT reason FROM parked WHERE topic = $1 AND key = $2 ORDER BY sequence';
    const reasons = async () =>
      (await rows<{ reason: string }>(world(), 'referral', waiting, [topic.name, offerId])).map(
        (one) => one.reason,
      );
    await eventually(async () => expect(await reasons()).toEqual(['unreadable']));
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await eventually(async () => expect(await reasons()).toEqual(['unreadable', 'gap-waiting']));
    await untilAlert(world(), 'MessagesParked');
    await untilAlert(world(), 'KeysQuarantined');
    expect(await ops(world(), 'release', 'referral', topic.name, offerId)).toContain(
      '0 applied, 2 still waiting',
    );
    expect(
      await ops(world(), 'release', 'referral', topic.name, offerId, '--skip', '--yes'),
    ).toContain('0 still waiting');
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await eachHasOneBed(world(), { shelter, people });
    await allNumbersConsumed(world(), topic);
    const [kept] = await rows<{ skip: boolean; asked_by: string }>(
      world(),
      'referral',
      'SELECT skip, asked_by FROM release_requests ORDER BY id DESC LIMIT 1',
    );
    expect(kept).toMatchObject({ skip: true, asked_by: expect.any(String) });
  });
}
