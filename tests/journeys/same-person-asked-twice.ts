import { randomUUID } from 'node:crypto';
import { type ServiceError, status } from '@grpc/grpc-js';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { readReferral, untilOffered, untilState, type World } from './world.ts';

export function samePersonAskedTwice(world: () => World): void {
  const refusedAgain = (caseReferences: readonly string[]): Promise<ServiceError> =>
    request(world(), { caseReferences }).then(
      () => {
        throw new Error('a second referral was accepted');
      },
      (error: ServiceError) => error,
    );

  it('has one referral and one place: the second request is told which referral there is', async () => {
    const shelter = await openShelter(world(), { beds: 2 });
    const reference = randomUUID();
    const { referralId } = await request(world(), { caseReferences: [reference] });
    for (const spelling of [reference, reference.toUpperCase()]) {
      const refused = await refusedAgain([spelling]);
      expect([refused.code, refusalOf(refused)]).toEqual([status.FAILED_PRECONDITION, 'already-referred']);
      expect(refused.details).toContain(referralId);
    }
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), referralId, 'awaiting-person');
    expect((await refusedAgain([reference])).details).toContain(referralId);
  });

  it('is asked for anew on purpose: the first referral is withdrawn, and its bed is free for the second', async () => {
    const shelter = await openShelter(world(), { beds: 1 });
    const reference = randomUUID();
    const first = await request(world(), { caseReferences: [reference] });
    await untilOffered(world(), shelter);
    const second = await request(world(), { caseReferences: [reference], replaces: first.referralId });
    expect((await readReferral(world(), first.referralId)).state).toBe('withdrawn');
    await untilState(world(), second.referralId, 'offered');
    expect((await untilOffered(world(), shelter)).offerId).toBeTruthy();
  });
}
