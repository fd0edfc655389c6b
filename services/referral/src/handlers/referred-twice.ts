import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Actor, Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';
import { caseReferences, isOver, type Referral } from '../domain/referral.ts';
import {
  hasReferredTwiceAlert,
  reviewReferredTwice,
  secondReferrals,
} from '../domain/referred-twice.ts';
import { allReferencesOf } from '../domain/same-person.ts';
import { changeCaseBasis, lockCases } from '../outbound/case-bases.ts';
import { takePersonReview } from '../outbound/person-reviews.ts';
import { lockReferralsOfCases, referralsOfCases } from '../outbound/reads.ts';
import { readReferralsOfCases } from '../outbound/referrals-of-cases.ts';
import { samePersonOf, storeSamePerson } from '../outbound/same-person.ts';
import { changeReferral, mayAct } from './change-referral.ts';
import { reviewReferrals } from './on-vault-event.ts';

interface ReferenceRegistration {
  readonly caseReference: string;
  readonly sameCaseReferences: readonly string[];
}

/**
 * The vault registered a reference, and named the other references of this service for the same person. Two referrals may turn out to be
 * for one person.
 */
export async function onReferenceRegistered(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  { caseReference, sameCaseReferences }: ReferenceRegistration,
): Promise<void> {
  const references = [caseReference, ...sameCaseReferences];
  await lockReferralsOfPeople(tx, references);
  await storeSamePerson(tx, references);
  const registered = (known: CaseBasis): CaseBasis => ({ ...known, registered: true });
  await changeCaseBasis(tx, caseReference as CaseReference, registered, meta.rebuild);
  if (meta.rebuild === undefined) await reviewPeople(tx, pack, meta.now, references);
}

/**
 * A referral ended without a place, a member left its party, or a message about the person began or ended to wait unread: ages, permissions
 * and a second referral for one need are reviewed in every referral of the person.
 */
export const onPersonReview =
  (pack: CountryPack) =>
  async (tx: Transaction, reviewId: string, now: Instant): Promise<void> => {
    const cases = await takePersonReview(tx, reviewId);
    await reviewPeople(tx, pack, now, cases);
  };

async function reviewPeople(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  cases: readonly string[],
): Promise<void> {
  const referralIds = (await lockReferralsOfPeople(tx, cases)).map((one) => one.referralId);
  await reviewReferrals(tx, pack, now, referralIds);
  await reviewReferralsOf(tx, pack, cases, now);
}

/**
 * Locks what an event about these cases may change: cases before referrals, each in the order of their ids.
 * @returns the referrals of their people, over or not.
 */
export async function lockReferralsOfPeople(
  tx: Transaction,
  cases: readonly string[],
): Promise<Referral[]> {
  await lockCases(tx, cases);
  const references = cases as readonly CaseReference[];
  return lockReferralsOfCases(tx, allReferencesOf(references, await samePersonOf(tx, references)));
}

/** Locks and reads what several events about these cases may change. */
export async function lockForVaultEvents(tx: Transaction, cases: readonly string[]): Promise<void> {
  await lockReferralsOfPeople(tx, cases);
  await readReferralsOfCases(tx, cases);
}

/** The ids of the other referrals that the alert is about, for those who may act on them; none where no alert is open. */
export async function findOtherReferralIds(
  tx: Transaction,
  referral: Referral,
  actor: Actor,
): Promise<string[]> {
  if (!hasReferredTwiceAlert(referral)) return [];
  const { others, samePerson } = await referralsOfPeople(tx, [referral]);
  return secondReferrals(referral, others, samePerson)
    .filter((one) => mayAct(one, actor))
    .map(({ referralId }) => referralId);
}

/** Every referral of the people in these referrals. None of them is locked. */
async function referralsOfPeople(tx: Transaction, of: readonly Referral[]) {
  const everybody = of.flatMap(caseReferences);
  const samePerson = await samePersonOf(tx, everybody);
  return { samePerson, others: await referralsOfCases(tx, allReferencesOf(everybody, samePerson)) };
}

/**
 * Reviews each live referral of the people of these cases, and raises or resolves the alert. Other members of such a party may be
 * referred twice as well, so their referrals are read too. Those need no lock: whatever changes one of them reviews this referral again.
 */
async function reviewReferralsOf(
  tx: Transaction,
  pack: CountryPack,
  cases: readonly string[],
  now: Instant,
): Promise<void> {
  const live = (await lockReferralsOfPeople(tx, cases)).filter((one) => !isOver(one));
  const { others, samePerson } = await referralsOfPeople(tx, live);
  for (const { referralId } of live)
    await changeReferral(
      tx,
      pack,
      now,
      systemAuthor,
      referralId,
      reviewReferredTwice(others, samePerson),
    );
}
