import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { readReferral, untilOffered, type World } from './world.ts';

const refused = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => refusalOf(error),
  );

export function coordinatorOfAnotherBody(world: () => World): void {
  it('a coordinator outside the coordination desk can neither read, list, withdraw nor override a referral of another organisation', async () => {
    const shelter = await openShelter(world());
    const { referralId } = await request(world());
    await untilOffered(world(), shelter);
    const stranger = await world().organisation().as('coordinator');
    const { referral } = world();
    const withdrawal = { referralId, memberId: '', code: 'own-wish' };
    expect(await refused(call(referral, 'getReferral', { referralId }, stranger))).toBe(
      'not-found',
    );
    expect(await refused(call(referral, 'getDecision', { referralId, search: 0 }, stranger))).toBe(
      'not-found',
    );
    expect(await refused(call(referral, 'withdrawReferral', withdrawal, stranger))).toBe(
      'not-found',
    );
    const override = { referralId, action: 'end', code: 'local-knowledge', serviceId: '' };
    expect(await refused(call(referral, 'override', override, stranger))).toBe('not-found');
    const listed = await call(
      referral,
      'listReferrals',
      { pageSize: 200, pageToken: '', state: 0 },
      stranger,
    );
    expect(listed.referrals).toEqual([]);
    const alerts = await call(
      referral,
      'listAlerts',
      { pageSize: 200, pageToken: '', includeResolved: false },
      stranger,
    );
    expect(alerts.alerts).toEqual([]);
    expect((await readReferral(world(), referralId)).state).toBe('offered');
  });

  it('an accreditor outside the accreditation desk can neither accredit nor suspend a service', async () => {
    const shelter = await openShelter(world());
    const { directory } = world();
    const stranger = await world().organisation().as('accreditor');
    const { serviceId } = shelter;
    const until = '2027-12-31';
    expect(await refused(call(directory, 'accredit', { serviceId, until }, stranger))).toBe(
      'desk-not-held',
    );
    expect(await refused(call(directory, 'suspend', { serviceId, code: 'safety' }, stranger))).toBe(
      'desk-not-held',
    );
  });
}
