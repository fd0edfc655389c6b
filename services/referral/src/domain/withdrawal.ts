import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { leaveParty } from './leave-party.ts';
import { isOver, type Referral } from './referral.ts';
import { type Knowledge, runSteps } from './steps.ts';

export type WithdrawalRefusal = 'not-found' | 'already-over';

/**
 * The person no longer wants this referral, at any stage before arrival: everything held is released, even while a confirmation is
 * requested. Where one member of a party withdraws, the referral continues for the others.
 */
export function withdrawReferral(
  referral: Referral,
  wish: { readonly memberId: string | undefined; readonly code: string },
  knowledge: Knowledge,
): Decision<ReferralEvent, WithdrawalRefusal> {
  if (isOver(referral)) return refuse('already-over');
  const member = referral.party.find((one) => one.memberId === wish.memberId);
  if (wish.memberId !== undefined && !member) return refuse('not-found', 'member_id');
  if (member && referral.party.length > 1)
    return accept(...runSteps(referral, knowledge, leaveParty(member, wish.code)));
  return accept<ReferralEvent>({ type: 'ReferralWithdrawn', code: wish.code });
}
