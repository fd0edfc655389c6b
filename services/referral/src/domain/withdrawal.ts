import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { leaveParty } from './leave-party.ts';
import { isOver, type Referral } from './referral.ts';
import { type Knowledge, runSteps } from './steps.ts';

export type WithdrawalRefusal = 'not-found' | 'already-over';

/**
 * The person does not want this referral any more, at any step before arrival: everything held is given back.
 * It beats a confirmation that is under way. One member of a party: the others go on.
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
