import { call, refusalOf } from '@opennrm/runtime';
import { minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import {
  eventsOf,
  eventually,
  readReferral,
  untilOffered,
  untilState,
  type World,
} from './world.ts';

export function dutyDoesNotAnswer(world: () => World): void {
  it('an authority with a duty may not decline, and an alert is raised after half an hour without an acknowledgement', async () => {
    const authority = await openShelter(world(), { acceptance: 'duty' });
    const { referralId } = await request(world());
    const { offerId } = await untilOffered(world(), authority);
    const staff = await authority.as('provider-staff');
    const declined = await call(
      world().referral,
      'declineOffer',
      { offerId, code: 'full', noteId: '' },
      staff,
    ).catch((error: unknown) => error);
    expect(refusalOf(declined)).toBe('may-not-decline');
    await world().advanceTime(minutes(31));
    await eventually(async () =>
      expect(eventsOf(await readReferral(world(), referralId))).toContain('DutyNotAcknowledged'),
    );
    const { alerts } = await call(
      world().referral,
      'listAlerts',
      { pageSize: 200, pageToken: '', includeResolved: false },
      await world().coordinators.as('coordinator'),
    );
    expect(alerts.filter((one) => one.referralId === referralId).map((one) => one.code)).toContain(
      'duty-not-acknowledged',
    );
    await call(world().referral, 'acceptOffer', { offerId }, staff);
    await untilState(world(), referralId, 'awaiting-person');
  });

  it('a bed under contract is confirmed without an answer of the provider, and an objection is accepted for safety alone', async () => {
    const contracted = await openShelter(world(), { acceptance: 'direct' });
    const { referralId } = await request(world());
    const placed = await untilState(world(), referralId, 'awaiting-person');
    const offerId = placed.offers[0]?.offerId ?? '';
    const staff = await contracted.as('provider-staff');
    const full = await call(
      world().referral,
      'declineOffer',
      { offerId, code: 'full', noteId: '' },
      staff,
    ).catch((error: unknown) => error);
    expect(refusalOf(full)).toBe('only-for-safety');
    await call(
      world().referral,
      'declineOffer',
      { offerId, code: 'safety-concern', noteId: '' },
      staff,
    );
    const lost = await untilState(world(), referralId, 'unplaced');
    expect(eventsOf(lost)).toContain('UnitLost');
  });
}
