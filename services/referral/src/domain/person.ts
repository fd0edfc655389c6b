import { accept, after, type Decision, refuse } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { leave } from './leaving.ts';
import type { Member } from './need.ts';
import { isPending } from './offer.ts';
import { offerOf, type Referral } from './referral.ts';
import { search } from './search.ts';

export type PersonRefusal =
  | 'not-found'
  | 'not-awaiting-the-person'
  | 'not-the-confirmed-offer'
  | 'already-agreed'
  | 'child-view-not-heard';

export interface PersonAnswer {
  readonly offerId: string;
  readonly memberId: string;
  readonly yes: boolean;
  readonly code: string | undefined;
  /** For a member under 18 (or unsure): the child's own view was heard. */
  readonly childViewHeard: boolean;
}

/**
 * Nothing is final before this (promise 7). Each member of a party is asked alone; the others' places are withdrawn only
 * when everyone has agreed. A no never costs anything: it bars this service and the search goes on.
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
  if (answer.yes) return sayYes(referral, member, knowledge);
  const { offerId } = stage;
  if (referral.party.length > 1) {
    const declined = offerOf(referral, offerId)?.serviceId;
    return accept(...inTurn(referral, knowledge, leave(member.memberId, answer.code, declined)));
  }
  const declined: ReferralEvent = { type: 'PersonDeclined', offerId, code: answer.code, at: knowledge.now };
  return accept(...inTurn(referral, knowledge, say(declined), search));
}

function sayYes(referral: Referral, member: Member, knowledge: Knowledge): Decision<ReferralEvent, PersonRefusal> {
  const { stage } = referral;
  if (stage.name !== 'awaiting-person') return refuse('not-awaiting-the-person');
  if (stage.agreed.includes(member.memberId)) return refuse('already-agreed', 'member_id');
  const { offerId } = stage;
  const everyone = referral.party.every(
    (one) => one.memberId === member.memberId || stage.agreed.includes(one.memberId),
  );
  return accept(
    ...inTurn(
      referral,
      knowledge,
      say({ type: 'MemberAgreed', memberId: member.memberId, offerId }),
      everyone ? agree : say(),
    ),
  );
}

/** Only now are the others withdrawn. */
const agree: Step = (referral, { now, pack }) => {
  if (referral.stage.name !== 'awaiting-person') return [];
  const { offerId } = referral.stage;
  const until = after(now, pack.urgencies[referral.urgency].journeyToArrangeMs);
  const others = referral.offers.filter((offer) => offer.offerId !== offerId && isPending(offer));
  return [
    { type: 'PersonAgreed', offerId, until },
    ...others.map(
      (offer): ReferralEvent => ({
        type: 'OfferWithdrawn',
        offerId: offer.offerId,
        code: undefined,
        at: now,
      }),
    ),
  ];
};
