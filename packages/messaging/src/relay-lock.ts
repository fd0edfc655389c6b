import type { Connection, Database, Log } from '@opennrm/runtime';

/** A permanent connection of this process, on which it holds the relay of its service or waits for it. */
export interface RelayLock extends Pick<Connection, 'query'> {
  readonly frozenAfterMs: number;
  /** Takes the relay if it is free. False while another replica holds it. */
  tryAcquire(): Promise<boolean>;
  release(): Promise<void>;
}

/** One lock in each service's own database. */
const LOCK = 7_311;

/**
 * The right to send lasts as long as its connection. A holder that is frozen would keep its lock for ever. When messages grow too old and
 * the holder shows no activity, a waiting process ends the holder's connection (design rule 16).
 */
export async function openRelayLock(
  database: Pick<Database, 'connect'>,
  { frozenAfterMs, log }: { readonly frozenAfterMs: number; readonly log: Log },
): Promise<RelayLock> {
  const connection = await database.connect();
  return {
    frozenAfterMs,
    query: oneAfterTheOther(connection),
    release: () => connection.end(),
    async tryAcquire() {
      const { rows } = await connection.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS held',
        [LOCK],
      );
      if (!rows[0]?.held) {
        if (await endFrozen(connection, frozenAfterMs))
          log.warn('the holder of the relay was frozen and has been replaced');
        return false;
      }
      // A deletion of sent messages may be lost in a crash of the server. Then they are sent again, and readers recognise repeats.
      await connection.query('SET synchronous_commit = off');
      return true;
    },
  };
}

/**
 * Old messages alone do not prove that the holder is frozen: Kafka may be away, and two replicas that ended each other's connections
 * would never send. A holder is frozen when it also has not used the database for as long; a healthy holder does so also while it sends.
 */
async function endFrozen(connection: Connection, frozenAfterMs: number): Promise<boolean> {
  const { rowCount } = await connection.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity a USING (pid)
     WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objid = $1 AND granted
       AND a.state_change < clock_timestamp() - make_interval(secs => $2::float / 1000)
       AND (a.state <> 'active' OR a.wait_event = 'ClientWrite')
       AND EXISTS (SELECT 1 FROM outbox WHERE parked IS NULL AND put_at < clock_timestamp() - make_interval(secs => $2::float / 1000))`,
    [LOCK, frozenAfterMs],
  );
  return (rowCount ?? 0) > 0;
}

/** The driver runs one statement at a time, and several topics may be sent concurrently. */
function oneAfterTheOther(connection: Connection): Connection['query'] {
  let last: Promise<unknown> = Promise.resolve();
  return (statement, values) => {
    const asked = last.then(() => connection.query(statement, values));
    last = asked.catch(() => undefined);
    return asked as never;
  };
}

/** Runs network work and sends signs of life on the lock's connection in the meantime: five within `frozenAfterMs`. */
export async function withSignsOfLife<T>(
  { query, frozenAfterMs }: Pick<RelayLock, 'query' | 'frozenAfterMs'>,
  work: () => Promise<T>,
): Promise<T> {
  const heartbeats = setInterval(
    () => void query('SELECT 1').catch(() => undefined),
    frozenAfterMs / 5,
  );
  try {
    return await work();
  } finally {
    clearInterval(heartbeats);
  }
}
