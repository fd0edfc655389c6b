import type { CountryPack } from '@opennrm/country';
import type { Author } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Decision, Instant } from '@opennrm/runtime/decision';
import { type Decide, decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import { caseReferences, type Referral } from '../domain/referral.ts';
import { decideWithKnowledge } from '../outbound/knowledge.ts';
import { referrals } from '../outbound/referrals.ts';

/** Who changes a referral, and when. */
export interface By {
  readonly at: Instant;
  readonly author: Author;
}

/** Locks a referral, decides with the full knowledge, and stores the events. Its provider is not asked yet. */
export async function changeOnce(
  tx: Transaction,
  pack: CountryPack,
  { at, author }: By,
  referralId: string,
  wanted: Decide,
) {
  let before: Referral | undefined;
  const outcome = await referrals.change(
    tx,
    referralId,
    { at, author, ruleVersion: pack.id },
    (referral) => {
      before = referral;
      return decideWithKnowledge(tx, pack, at, caseReferences(referral), (knowledge) =>
        decide(referral, knowledge, wanted),
      );
    },
  );
  return { before, outcome };
}

/** Begins a referral. Its provider is not asked yet. */
export const createOnce = <Refusal extends string>(
  tx: Transaction,
  pack: CountryPack,
  { at, author }: By,
  referralId: string,
  decision: Decision<ReferralEvent, Refusal>,
) => referrals.create(tx, referralId, decision, { at, author, ruleVersion: pack.id });
