import type { Database } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { pack } from '../domain/saga.fixture.ts';
import { onServiceAvailable } from './on-service-available.ts';

/** Fires the timers of all signals until none remains, as the running service does. @returns how many transactions it took. */
export async function wakeAll(database: Database, now: Instant, country = pack): Promise<number> {
  for (let fired = 0; ; ) {
    const { rows } = await database.query<{ id: string }>('SELECT id FROM availability_signal');
    if (rows.length === 0) return fired;
    for (const { id } of rows)
      await database.transaction((tx) => onServiceAvailable(country)(tx, id, now));
    fired += rows.length;
  }
}
