import { after } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { followBasis, noteRegistration } from './basis.ts';
import type { MemberLeft, ReferralEvent } from './events.ts';
import { tellOfUnsafePlace } from './facts.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { declinedServicesOf } from './matching/bars.ts';
import type { Member, ReferralId, ServiceId } from './need.ts';
import { isUnconfirmed, type Referral } from './referral.ts';
import { beginReferral } from './request.ts';

/**
 * A member leaves the party: the hold shrinks in place, the others are asked again, and what they need is judged for
 * those who remain. Whoever left gets a referral of their own (`referralOfLeaver`).
 */
export const leave =
  (member: Member, code: string | undefined, declined?: ServiceId): Step =>
  (referral, knowledge) => {
    const left: MemberLeft = {
      type: 'MemberLeft',
      member,
      ownReferralId: knowledge.mint() as ReferralId,
      code,
      declined,
    };
    return inTurn(
      referral,
      knowledge,
      say(left),
      raise('member-left'),
      askAgain,
      noteRegistration,
      followBasis,
      tellOfUnsafePlace,
    );
  };

/** The others are asked again. */
const askAgain: Step = (referral, { now, pack }) =>
  referral.stage.name === 'awaiting-person'
    ? [{ type: 'WaitExtended', until: after(now, pack.urgencies[referral.urgency].awaitingPersonMs) }]
    : [];

/**
 * The referral of somebody who left a party: the same need, urgency and owner, and the same basis where that stands
 * alone. Its codes are not judged again: a newer pack that knows one of them no more keeps nobody in a party. It is above the quota of emergencies where the party is: they are the same people, who were counted before.
 */
export function referralOfLeaver(
  party: Referral,
  { member, ownReferralId, declined }: MemberLeft,
  knowledge: Knowledge,
): ReferralEvent[] {
  const { ownerOrg, requestedBy, urgency, need, ownBasis, unitKind } = party;
  const beginning = {
    referralId: ownReferralId,
    ownerOrg,
    requestedBy,
    urgency,
    need,
    party: [member],
    basis: ownBasis,
    foundTogether: undefined,
    unitKind,
    aboveQuota: isUnconfirmed(party),
    declinedServices: declinedServicesOf(party).concat(declined ?? []),
  };
  return beginReferral(beginning, knowledge);
}
