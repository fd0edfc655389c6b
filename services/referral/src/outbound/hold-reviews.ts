import { randomUUID } from 'node:crypto';
import { setTimer } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/** The table of reviews, and the aggregate of their timers. */
export const HOLD_REVIEW = 'hold_review';

/**
 * Schedules a review of the referral of this hold in a later transaction. This transaction has already locked another referral, and the one of
 * the hold may come before it in the lock order.
 */
export async function scheduleHoldReview(
  tx: Transaction,
  holdId: string,
  now: Instant,
): Promise<void> {
  const id = randomUUID();
  await tx.query({
    name: 'hold-review-add',
    text: 'INSERT INTO hold_review (id, generation, hold_id) VALUES ($1, 1, $2)',
    values: [id, holdId],
  });
  await setTimer(tx, { aggregate: HOLD_REVIEW, id, generation: 1, kind: 'hold-review', due: now });
}

/** Takes a review so that it is done once. @returns the hold; undefined where the review was done before. */
export async function takeHoldReview(tx: Transaction, id: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ hold_id: string }>({
    name: 'hold-review-take',
    text: 'DELETE FROM hold_review WHERE id = $1 RETURNING hold_id',
    values: [id],
  });
  return rows[0]?.hold_id;
}
