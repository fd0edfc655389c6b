import type { CountryPack } from '@opennrm/country';
import { type Call, type Refused, refused, type Transaction } from '@opennrm/runtime';
import { liveReferralsOf, replacementRefusal } from '../domain/already-referred.ts';
import { declinedServiceIdsOf } from '../domain/matching/bars.ts';
import type { ServiceId } from '../domain/need.ts';
import type { Referral } from '../domain/referral.ts';
import type { ReferralRequest } from '../domain/request.ts';
import {
  allReferencesOf,
  hasSamePersonTwice,
  referencesOf,
  type SamePerson,
} from '../domain/same-person.ts';
import { withdrawReferral } from '../domain/withdrawal.ts';
import { referralsForNeed } from '../outbound/reads.ts';
import { authorOf, changeReferral, mayAct } from './change-referral.ts';

/** The code of a withdrawal that a newer request caused. No person can choose it. */
const REPLACED = 'replaced-by-request';

interface SecondReferralCheck {
  readonly request: ReferralRequest;
  readonly samePerson: SamePerson;
  /** The live referral that this request replaces. */
  readonly replaces: string | undefined;
}

/** The request is allowed. Services that the person declined in the replaced referral are not asked again. */
interface ReferralAllowed {
  readonly kind: 'allowed';
  readonly declinedServiceIds: readonly ServiceId[];
}

/**
 * One live referral for each person and need, so that two places are never held for one person. The cases of these people must be
 * locked, under every reference of theirs. A referral that the request names as replaced is withdrawn. Any other live referral is a
 * refusal, which names it only to those who may act on it.
 */
export async function checkSecondReferral(
  tx: Transaction,
  pack: CountryPack,
  { request, samePerson, replaces }: SecondReferralCheck,
  call: Call,
): Promise<Refused | ReferralAllowed> {
  const named = request.party.map((member) => member.caseReference);
  if (hasSamePersonTwice(named, samePerson)) return refused('duplicate-member', 'party');
  const cases = allReferencesOf(named, samePerson);
  // The same request sent again without its key is refused later, because its id exists already.
  const known = (await referralsForNeed(tx, cases, request.need.need)).filter(
    (one) => one.referralId !== request.referralId,
  );
  const live = liveReferralsOf(known, cases);
  const others = live.filter((one) => one.referralId !== replaces);
  if (others.length > 0) return alreadyReferred({ request, samePerson }, others, call);
  if (replaces === undefined) return { kind: 'allowed', declinedServiceIds: [] };
  const replaced = live.find((one) => one.referralId === replaces && mayAct(one, call.actor));
  const refusal = replacementRefusal(replaced, cases);
  if (refusal?.kind === 'refused') return refused(refusal.refusal, refusal.field);
  const wish = { memberId: undefined, code: REPLACED };
  const withdrawn = await changeReferral(
    tx,
    pack,
    call.at,
    authorOf(call.actor),
    replaces,
    (referral, knowledge) => withdrawReferral(referral, wish, knowledge),
  );
  // The referral was not locked when it was found: the person may have arrived since.
  if (withdrawn.kind !== 'accepted') return refused('not-found', 'replaces_referral_id');
  return { kind: 'allowed', declinedServiceIds: declinedServiceIdsOf(withdrawn.state) };
}

function alreadyReferred(
  { request, samePerson }: Pick<SecondReferralCheck, 'request' | 'samePerson'>,
  others: readonly Referral[],
  call: Call,
): Refused {
  const problems = request.party.flatMap(({ caseReference }, nth) =>
    liveReferralsOf(others, referencesOf(caseReference, samePerson))
      .filter((one) => mayAct(one, call.actor))
      .map((one) => ({
        field: `party[${nth}].case_reference`,
        rule: `has the live referral ${one.referralId}`,
      })),
  );
  return { kind: 'refused', refusal: 'already-referred', field: 'party', problems };
}
