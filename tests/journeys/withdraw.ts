import { call } from '@opennrm/runtime';
import { withdrawAtEnd } from './person.ts';
import type { World } from './world.ts';

/** The person does not want the referral any more. @returns the referral of whoever left a party. */
export async function withdraw(world: World, referralId: string, memberId = ''): Promise<string> {
  const caseworker = await world.responders.as('caseworker');
  const wish = { referralId, memberId, code: 'own-wish' };
  const { memberReferralId } = await call(world.referral, 'withdrawReferral', wish, caseworker);
  withdrawAtEnd(world, memberReferralId);
  return memberReferralId;
}
