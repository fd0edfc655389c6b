import { randomUUID } from 'node:crypto';
import { setTimer } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseReference } from '../domain/need.ts';

/** The table of reviews, and the aggregate of their timers. */
export const PERSON_REVIEW = 'person_review';
const KIND = 'person-review';

/**
 * Schedules a review of all referrals of these people in a later transaction. This transaction has already locked a referral or a case,
 * and the others may come before it in the lock order. A review that fails is repeated by its timer and stops nothing else.
 */
export async function schedulePersonReview(
  tx: Transaction,
  caseReferences: readonly string[],
  now: Instant,
): Promise<void> {
  const id = randomUUID();
  await tx.query({
    name: 'person-review-add',
    text: 'INSERT INTO person_review (id, generation, case_references) VALUES ($1, 1, $2)',
    values: [id, caseReferences],
  });
  await setTimer(tx, { aggregate: PERSON_REVIEW, id, generation: 1, kind: KIND, due: now });
}

/** The same where a person is known by several references: only then can one of them have two referrals. */
export async function scheduleSecondReferralReview(
  tx: Transaction,
  caseReferences: readonly CaseReference[],
  now: Instant,
): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'several-references',
    text: 'SELECT 1 FROM same_person WHERE case_reference = ANY ($1::uuid[]) LIMIT 1',
    values: [caseReferences],
  });
  if (rowCount !== 0) await schedulePersonReview(tx, caseReferences, now);
}

/** Takes a review so that it is done once. @returns the cases of the people; none where the review was done before. */
export async function takePersonReview(
  tx: Transaction,
  id: string,
): Promise<readonly CaseReference[]> {
  const { rows } = await tx.query<{ case_references: CaseReference[] }>({
    name: 'person-review-take',
    text: 'DELETE FROM person_review WHERE id = $1 RETURNING case_references',
    values: [id],
  });
  return rows[0]?.case_references ?? [];
}
