import type { Clock, Database, Log, Transaction } from '@opennrm/runtime';
import { releaseStream } from './inbox/apply.ts';
import { runEvery } from './run-every.ts';
import { loggingFailures, type Subscription } from './subscription.ts';

const LOOK_EVERY_MS = 2_000;
const DELETE_EVERY_MS = 3_600_000;

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

/** Does the releases that operators request with `npm run ops`: only the running service has the handlers. */
export function startReleases(settings: ReleaseSettings): { stop(): Promise<void> } {
  const { database, log } = settings;
  const deletions = runEvery(DELETE_EVERY_MS, () => deleteOldRequests(database), log);
  const releases = runEvery(
    LOOK_EVERY_MS,
    async () => {
      for (const request of await nextRequests(database))
        await database
          .transaction((tx) => release(tx, request, settings))
          .catch((error: unknown) => log.warn(factsOf(error), 'a release failed, trying again'));
    },
    log,
  );
  return {
    async stop() {
      await Promise.all([deletions.stop(), releases.stop()]);
    },
  };
}

/** Deletes requests that were done more than 30 days of real time ago. Who gave up a message stays recorded for ever. */
export async function deleteOldRequests(database: Pick<Database, 'query'>): Promise<void> {
  await database.query({
    name: 'releases-delete-old',
    text: `DELETE FROM release_requests WHERE NOT skip AND done_at < now() - interval '30 days'`,
  });
}

const factsOf = (error: unknown) => ({
  error: (error as Error).name,
  code: (error as { code?: string }).code,
});

/** The requests that were tried least recently, in the order of their ids. Each counts as tried from now on. */
async function nextRequests(database: Database): Promise<Request[]> {
  const { rows } = await database.query<Request>({
    name: 'releases-next',
    text: `UPDATE release_requests r SET tried_at = clock_timestamp()
           FROM (SELECT id FROM release_requests WHERE done_at IS NULL
                 ORDER BY coalesce(tried_at, '-infinity'), id LIMIT 20 FOR UPDATE SKIP LOCKED) AS next
           WHERE r.id = next.id RETURNING r.id, r.topic, r.key, r.skip`,
  });
  return rows.sort((a, b) => a.id - b.id);
}

async function release(
  tx: Transaction,
  { id, topic, key, skip }: Request,
  settings: ReleaseSettings,
): Promise<void> {
  const { subscriptions, clock, log } = settings;
  // Every replica reads a request, and only the first one may do it. Otherwise a skip would give up one message for each replica.
  const { rowCount } = await tx.query({
    name: 'release-take',
    text: 'UPDATE release_requests SET done_at = now() WHERE id = $1 AND done_at IS NULL',
    values: [id],
  });
  if (rowCount === 0) return;
  const subscription = subscriptions.find((one) => one.topic === topic);
  const applied = subscription
    ? await releaseStream(tx, loggingFailures(subscription, log), key, skip, clock.now())
    : 0;
  await tx.query({
    name: 'release-done',
    text: 'UPDATE release_requests SET applied = $2 WHERE id = $1',
    values: [id, applied],
  });
  log.info({ topic, key, skip, applied }, 'parked messages were tried again');
}
