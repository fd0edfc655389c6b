import { call } from '@opennrm/runtime';
import { withdrawAtEnd } from './person.ts';
import type { World } from './world.ts';

/** Withdraws a referral, or one member from it, by the person's wish. @returns the own referral of a member who left a party. */
export async function withdraw(world: World, referralId: string, memberId = ''): Promise<string> {
  const caseworker = await world.responders.as('caseworker');
  const wish = { referralId, memberId, code: 'own-wish' };
  const { memberReferralId } = await call(world.referral, 'withdrawReferral', wish, caseworker);
  withdrawAtEnd(world, memberReferralId);
  return memberReferralId;
}
