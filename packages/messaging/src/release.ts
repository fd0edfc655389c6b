import type { Clock, Database, Log } from '@opennrm/runtime';
import { every } from './every.ts';
import { releaseStream } from './inbox/apply.ts';
import type { Subscription } from './subscription.ts';

const LOOK_EVERY_MS = 500;

interface Request {
  id: number;
  topic: string;
  key: string;
  skip: boolean;
}

/** Does what operators asked for by `npm run ops`: only the running service has the handlers. */
export function startReleases(settings: {
  database: Database;
  subscriptions: readonly Subscription[];
  clock: Clock;
  log: Log;
}): { stop(): Promise<void> } {
  const { database, subscriptions, clock, log } = settings;
  return every(
    LOOK_EVERY_MS,
    async () => {
      const { rows } = await database.query<Request>({
        name: 'releases-open',
        text: 'SELECT id, topic, key, skip FROM release_requests WHERE done_at IS NULL ORDER BY id LIMIT 20',
      });
      for (const { id, topic, key, skip } of rows) {
        const subscription = subscriptions.find((one) => one.topic === topic);
        await database.transaction(async (tx) => {
          const applied = subscription ? await releaseStream(tx, subscription, key, skip, clock.now()) : 0;
          await tx.query({
            name: 'release-done',
            text: 'UPDATE release_requests SET done_at = now(), applied = $2 WHERE id = $1',
            values: [id, applied],
          });
          log.info({ topic, key, skip, applied }, 'parked messages were tried again');
        });
      }
    },
    log,
  );
}
