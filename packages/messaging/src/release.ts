import type { Clock, Database, Log, Transaction } from '@opennrm/runtime';
import { every } from './every.ts';
import { releaseStream } from './inbox/apply.ts';
import { naming, type Subscription } from './subscription.ts';

const LOOK_EVERY_MS = 500;

interface Request {
  id: number;
  topic: string;
  key: string;
  skip: boolean;
}

interface ReleaseSettings {
  readonly database: Database;
  readonly subscriptions: readonly Subscription[];
  readonly clock: Clock;
  readonly log: Log;
}

/** Does what operators asked for by `npm run ops`: only the running service has the handlers. */
export function startReleases(settings: ReleaseSettings): { stop(): Promise<void> } {
  const { database, log } = settings;
  return every(
    LOOK_EVERY_MS,
    async () => {
      const { rows } = await database.query<Request>({
        name: 'releases-open',
        text: 'SELECT id, topic, key, skip FROM release_requests WHERE done_at IS NULL ORDER BY id LIMIT 20',
      });
      for (const request of rows) await database.transaction((tx) => release(tx, request, settings));
    },
    log,
  );
}

async function release(tx: Transaction, { id, topic, key, skip }: Request, settings: ReleaseSettings): Promise<void> {
  const { subscriptions, clock, log } = settings;
  // Every replica hears of a request: it is the first one's alone, or a skip would give up a message for each of them.
  const { rowCount } = await tx.query({
    name: 'release-take',
    text: 'UPDATE release_requests SET done_at = now() WHERE id = $1 AND done_at IS NULL',
    values: [id],
  });
  if (rowCount === 0) return;
  const subscription = subscriptions.find((one) => one.topic === topic);
  const applied = subscription ? await releaseStream(tx, naming(subscription, log), key, skip, clock.now()) : 0;
  await tx.query({
    name: 'release-done',
    text: 'UPDATE release_requests SET applied = $2 WHERE id = $1',
    values: [id, applied],
  });
  log.info({ topic, key, skip, applied }, 'parked messages were tried again');
}
