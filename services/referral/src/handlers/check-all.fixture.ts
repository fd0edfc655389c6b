import type { Database } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { pack } from '../domain/saga.fixture.ts';
import { onPersonReview } from './referred-twice.ts';

/**
 * Fires the timers of all checks for a second referral until none remains, as the running service does.
 * @returns how many there were.
 */
export async function checkAll(database: Database, now: Instant): Promise<number> {
  for (let fired = 0; ; ) {
    const { rows } = await database.query<{ id: string }>('SELECT id FROM person_review');
    if (rows.length === 0) return fired;
    for (const { id } of rows)
      await database.transaction((tx) => onPersonReview(pack)(tx, id, now));
    fired += rows.length;
  }
}
