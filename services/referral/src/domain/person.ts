import { accept, after, type Decision, refuse } from '@opennrm/runtime/decision';
import { deliveryOf } from './delivery.ts';
import type { ReferralEvent } from './events.ts';
import { leaveParty } from './leave-party.ts';
import type { Member, OfferId } from './need.ts';
import { isPending } from './offer.ts';
import { offerOf, type Referral, type Stage } from './referral.ts';
import { search } from './search.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

export type PersonRefusal =
  | 'not-found'
  | 'not-awaiting-the-person'
  | 'not-the-confirmed-offer'
  | 'already-agreed'
  | 'child-view-not-heard';

export interface PersonAnswer {
  readonly offerId: string;
  readonly memberId: string;
  readonly agrees: boolean;
  readonly code: string | undefined;
  /** For a member who is or may be under 18: the child's own view was heard. */
  readonly childViewHeard: boolean;
}

/**
 * Nothing is final before the person agrees (promise 7). Each member of a party is asked separately. Other offers are withdrawn only
 * when every member has agreed. Declining has no other effect than to bar this service: the search continues.
 */
export function recordPersonAnswer(
  referral: Referral,
  answer: PersonAnswer,
  knowledge: Knowledge,
): Decision<ReferralEvent, PersonRefusal> {
  const { stage } = referral;
  const member = referral.party.find((one) => one.memberId === answer.memberId);
  if (!member) return refuse('not-found', 'member_id');
  if (stage.name !== 'awaiting-person') return refuse('not-awaiting-the-person');
  if (stage.offerId !== answer.offerId) return refuse('not-the-confirmed-offer', 'offer_id');
  if (member.underEighteen !== 'no' && !answer.childViewHeard)
    return refuse('child-view-not-heard', 'child_view_heard');
  if (answer.agrees) return recordAgreement(referral, stage, member, knowledge);
  const { offerId } = stage;
  if (referral.party.length > 1) {
    const declined = offerOf(referral, offerId)?.serviceId;
    return accept(...runSteps(referral, knowledge, leaveParty(member, answer.code, declined)));
  }
  const declined: ReferralEvent = {
    type: 'PersonDeclined',
    offerId,
    code: answer.code,
    at: knowledge.now,
  };
  return accept(...runSteps(referral, knowledge, emit(declined), search));
}

function recordAgreement(
  referral: Referral,
  { offerId, agreedMembers }: Extract<Stage, { name: 'awaiting-person' }>,
  member: Member,
  knowledge: Knowledge,
): Decision<ReferralEvent, PersonRefusal> {
  if (agreedMembers.includes(member.memberId)) return refuse('already-agreed', 'member_id');
  const everyone = referral.party.every(
    (one) => one.memberId === member.memberId || agreedMembers.includes(one.memberId),
  );
  return accept(
    ...runSteps(
      referral,
      knowledge,
      emit({ type: 'MemberAgreed', memberId: member.memberId, offerId }),
      everyone ? agree(offerId) : emit(),
    ),
  );
}

/** Only now are the other offers withdrawn. */
const agree =
  (offerId: OfferId): Step =>
  (referral, { now, pack }) => {
    const { arrangedWithin, isRemindedAtHalf } = deliveryOf(referral);
    const ms = arrangedWithin(pack.urgencies[referral.urgency]);
    const remindAt = isRemindedAtHalf ? after(now, ms / 2) : undefined;
    const withdrawn = referral.offers.filter(isPending).map((offer): ReferralEvent => {
      return { type: 'OfferWithdrawn', offerId: offer.offerId, code: undefined, at: now };
    });
    return [{ type: 'PersonAgreed', offerId, until: after(now, ms), remindAt }, ...withdrawn];
  };
