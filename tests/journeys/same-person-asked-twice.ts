import { randomUUID } from 'node:crypto';
import { type ServiceError, status } from '@grpc/grpc-js';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { openVaultCase } from './consent/consent-details.ts';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { unitsIn } from './units.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from './world.ts';

export function samePersonAskedTwice(world: () => World): void {
  const refusedAgain = (caseReferences: readonly string[]): Promise<ServiceError> =>
    request(world(), { caseReferences }).then(
      () => {
        throw new Error('a second referral was accepted');
      },
      (error: ServiceError) => error,
    );

  it('a second request for a person is refused with the id of their referral, so that they have one referral and one place', async () => {
    const shelter = await openShelter(world(), { beds: 2 });
    const reference = randomUUID();
    const { referralId } = await request(world(), { caseReferences: [reference] });
    for (const spelling of [reference, reference.toUpperCase()]) {
      const refused = await refusedAgain([spelling]);
      expect([refused.code, refusalOf(refused)]).toEqual([
        status.FAILED_PRECONDITION,
        'already-referred',
      ]);
      expect(refused.details).toContain(referralId);
    }
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), referralId, 'awaiting-person');
    expect((await refusedAgain([reference])).details).toContain(referralId);
  });

  it('a request that replaces a referral withdraws the first, whose bed is free for the second', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const reference = randomUUID();
    const first = await request(world(), { caseReferences: [reference] });
    await untilOffered(world(), shelter);
    const second = await request(world(), {
      caseReferences: [reference],
      replaces: first.referralId,
    });
    expect((await readReferral(world(), first.referralId)).state).toBe('withdrawn');
    await untilState(world(), second.referralId, 'offered');
    expect((await untilOffered(world(), shelter)).offerId).toBeTruthy();
  });

  it('an alert is raised when the vault knows that two references are one person, and the desk chooses the referral that continues', async () => {
    const shelter = await openShelter(world(), { beds: 2 });
    const asked = [
      await request(world(), { from: world().organisation() }),
      await request(world(), { from: world().organisation() }),
    ];
    for (const { referralId } of asked) await untilState(world(), referralId, 'offered');
    await eventually(async () => expect(await unitsIn(world(), shelter, 'held')).toBe(2));
    const references = asked.map(({ members }) => members[0]?.caseReference ?? '');
    await registeredAsOne(world(), references);
    const ids = asked.map(({ referralId }) => referralId);
    await eventually(async () => expect(await alertedOfTwice(world(), ids)).toEqual(ids));
    // Nothing is withdrawn automatically: each referral names the other, and both keep their bed.
    const [first = '', second = ''] = ids;
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const)
      expect(await readReferral(world(), one)).toMatchObject({
        state: 'offered',
        otherReferralIds: [other],
      });
    expect(await unitsIn(world(), shelter, 'held')).toBe(2);
    for (const reference of references)
      expect(refusalOf(await refusedAgain([reference]))).toBe('already-referred');

    const desk = await world().coordinators.as('coordinator');
    const end = { referralId: second, action: 'end', code: 'entered-in-error', serviceId: '' };
    await call(world().referral, 'override', end, desk);
    await eventually(async () => expect(await alertedOfTwice(world(), ids)).toEqual([]));
    await eventually(async () => expect(await unitsIn(world(), shelter, 'held')).toBe(1));
    expect((await readReferral(world(), first)).state).toBe('offered');
    expect((await refusedAgain(references.slice(1))).details).toContain('already-referred');
  });
}

/** The vault opens one case for all of these references. */
async function registeredAsOne(world: World, references: readonly string[]): Promise<void> {
  const { caseId } = await openVaultCase(world, ['identification-intake']);
  const caseworker = await world.responders.as('caseworker');
  for (const reference of references)
    await call(
      world.vault,
      'registerReference',
      { caseId, reference: { service: 'referral', reference } },
      caseworker,
    );
}

/** The referrals for which the desk has an alert that their person is referred twice. */
async function alertedOfTwice(world: World, referralIds: readonly string[]): Promise<string[]> {
  const page = { pageSize: 200, pageToken: '', includeResolved: false };
  const { alerts } = await call(
    world.referral,
    'listAlerts',
    page,
    await world.coordinators.as('coordinator'),
  );
  const alerted = alerts.filter(
    ({ code, ownerRole }) => code === 'person-referred-twice' && ownerRole === 'coordinator',
  );
  return referralIds.filter((id) => alerted.some(({ referralId }) => referralId === id));
}
