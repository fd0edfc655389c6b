import { randomUUID } from 'node:crypto';
import { setTimer } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseReference } from '../domain/need.ts';

/** The table of checks, and the aggregate of their timers. */
export const SECOND_REFERRAL_CHECK = 'second_referral_check';
const KIND = 'second-referral';

/**
 * Schedules a review of the referrals of these people in a later transaction. This transaction has already locked a referral, and the
 * others may come before it in the lock order. Nothing is scheduled where each person is known by one reference.
 */
export async function scheduleSecondReferralCheck(
  tx: Transaction,
  caseReferences: readonly CaseReference[],
  now: Instant,
): Promise<void> {
  const id = randomUUID();
  const { rowCount } = await tx.query({
    name: 'second-referral-check-add',
    text: `INSERT INTO second_referral_check (id, generation, case_references)
           SELECT $1, 1, $2 WHERE EXISTS (SELECT FROM same_person WHERE case_reference = ANY ($2::uuid[]))`,
    values: [id, caseReferences],
  });
  if (rowCount === 0) return;
  await setTimer(tx, { aggregate: SECOND_REFERRAL_CHECK, id, generation: 1, kind: KIND, due: now });
}

/** Takes a check so that it is done once. @returns the cases whose people are reviewed; none where the check was done before. */
export async function takeSecondReferralCheck(
  tx: Transaction,
  id: string,
): Promise<readonly CaseReference[]> {
  const { rows } = await tx.query<{ case_references: CaseReference[] }>({
    name: 'second-referral-check-take',
    text: 'DELETE FROM second_referral_check WHERE id = $1 RETURNING case_references',
    values: [id],
  });
  return rows[0]?.case_references ?? [];
}
