import { after, type Instant } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { applyBasis, noteRegistration } from './basis.ts';
import type { MemberLeft, ReferralEvent } from './events.ts';
import { declinedServiceIdsOf } from './matching/bars.ts';
import type { Member, ReferralId, ServiceId } from './need.ts';
import { isUnconfirmedEmergency, type Referral } from './referral.ts';
import { beginReferral } from './request.ts';
import { alertUnsafePlace } from './review-offers.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/**
 * A member leaves the party: the hold becomes smaller, the others are asked again, and the rules are checked for those who remain. The
 * former member gets a referral of their own (`referralOfFormerMember`).
 */
export const leaveParty =
  (member: Member, code: string | undefined, declined?: ServiceId): Step =>
  (referral, knowledge) => {
    const memberLeft: MemberLeft = {
      type: 'MemberLeft',
      member,
      memberReferralId: knowledge.mint() as ReferralId,
      code,
      declined,
    };
    return runSteps(
      referral,
      knowledge,
      emit(memberLeft),
      raiseAlert('member-left'),
      askOthersAgain,
      noteRegistration,
      applyBasis,
      alertUnsafePlace,
    );
  };

const askOthersAgain: Step = (referral, { now, pack }) =>
  referral.stage.name === 'awaiting-person'
    ? [
        {
          type: 'WaitExtended',
          until: after(now, pack.urgencies[referral.urgency].awaitingPersonMs),
        },
      ]
    : [];

/** What was stated about the age counts as before, from the time when it was stated. */
const statementOf = (
  { stated, statedAt, underEighteen }: Member,
  requestedAt: Instant,
): Pick<Member, 'stated' | 'statedAt'> => ({
  stated: stated ?? underEighteen,
  statedAt: statedAt ?? requestedAt,
});

/**
 * The referral of a former member of a party: the same need, urgency and owner, and the same basis where that suffices. Its codes are
 * not checked again, so a newer pack without one of them keeps nobody in a party. It is above the quota of emergencies where the party
 * is: the same people were counted before.
 */
export function referralOfFormerMember(
  party: Referral,
  { member, memberReferralId, declined }: MemberLeft,
  knowledge: Knowledge,
): ReferralEvent[] {
  const { ownerOrg, requestedBy, urgency, need, requestBasis } = party;
  const { unitKind, providedBy, delivery, purposes } = party;
  const beginning = {
    referralId: memberReferralId,
    ownerOrg,
    requestedBy,
    urgency,
    need,
    party: [{ ...member, ...statementOf(member, party.requestedAt) }],
    basis: requestBasis,
    foundTogether: undefined,
    unitKind,
    providedBy,
    delivery,
    purposes,
    aboveQuota: isUnconfirmedEmergency(party),
    declinedServiceIds: declinedServiceIdsOf(party).concat(declined ?? []),
  };
  return beginReferral(beginning, knowledge);
}
