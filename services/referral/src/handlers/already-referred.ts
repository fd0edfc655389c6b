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

/** The code of a withdrawal that a newer request brought about; no person chooses it. */
const REPLACED = 'replaced-by-request';

interface SecondReferralCheck {
  readonly request: ReferralRequest;
  readonly samePerson: SamePerson;
  /** The live referral whose place this one takes, on purpose. */
  readonly replaces: string | undefined;
}

/** Nothing stands against the request; what the person said no to in the referral that it replaces is not asked again. */
interface ReferralAllowed {
  readonly kind: 'allowed';
  readonly declinedServiceIds: readonly ServiceId[];
}

/**
 * One live referral for each person and need: two would hold two places for one person. The cases of these people must be locked, under every reference by
 * which they are known. A referral that the request names as replaced is withdrawn; any other is a refusal, which names it to those who may act on it.
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
  // The request itself, sent again without its key, is refused where its id is found to be taken.
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
  // It was not locked when it was found: the person may have arrived, or said no to a place, since.
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
