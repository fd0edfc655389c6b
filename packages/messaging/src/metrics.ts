import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Database } from '@opennrm/runtime';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const gauges = {
  outbox_depth: 'Messages still to be sent',
  outbox_oldest_seconds: 'Age of the oldest message still to be sent',
  outbox_parked: 'Messages that wait because the broker refuses one of their aggregate',
  parked: 'Messages received that could not be applied',
  quarantined_keys: 'Streams that wait for an operator or a replay',
  timers_overdue: 'Deadlines that have been due for more than a business minute',
  timers_failing:
    'Deadlines that could not be handled when they were last tried, and are tried again',
};
const BROKER_WITHIN_MS = 2_000;
const DATABASE_WITHIN_MS = 2_000;
type Depths = Record<keyof typeof gauges, number>;

/** One reading is shared by all callers within this many milliseconds. A reading that is still running is shared as well. */
function shared<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let [reading, done, at]: [Promise<T> | undefined, boolean, number] = [undefined, true, 0];
  return () => {
    if (reading && (!done || performance.now() - at <= milliseconds)) return reading;
    [reading, done, at] = [read(), false, performance.now()];
    const settled = (): void => {
      done = true;
    };
    reading.then(settled, settled);
    return reading;
  };
}

/** A scrape must not wait for a database that never answers. */
const withTimeLimit = <T>(read: () => Promise<T>): Promise<T> =>
  Promise.race([
    read(),
    pause(DATABASE_WITHIN_MS).then(() => {
      throw new Error('the database does not answer in time');
    }),
  ]);

/** A depth is counted up to this number, so that a scrape does not read a whole backlog. */
const MOST_COUNTED = 10_000;
const counted = (rows: string): string =>
  `(SELECT count(*)::int FROM (SELECT FROM ${rows} LIMIT ${MOST_COUNTED}) AS counted)`;

async function readDepths(database: Database, clock: Clock): Promise<Depths> {
  const { rows } = await database.query<Depths>({
    name: 'messaging-depths',
    text: `SELECT ${counted('outbox WHERE parked IS NULL')} AS outbox_depth,
             coalesce((SELECT extract(epoch FROM clock_timestamp() - put_at) FROM outbox WHERE parked IS NULL ORDER BY position LIMIT 1), 0)::float
               AS outbox_oldest_seconds,
             ${counted('outbox WHERE parked IS NOT NULL')} AS outbox_parked, ${counted('parked')} AS parked,
             ${counted('quarantine')} AS quarantined_keys, ${counted('timers WHERE retry_at IS NOT NULL')} AS timers_failing,
             ${counted('timers WHERE retry_at IS NULL AND due < $1 ORDER BY due')} + ${counted('timers WHERE retry_at IS NOT NULL AND due < $1')}
               AS timers_overdue`,
    values: [clock.now() - 60_000],
  });
  if (!rows[0]) throw new Error('the depths of the messages could not be read');
  return rows[0];
}

interface Watched {
  readonly database: Database;
  readonly clock: Clock;
  /** How far this service is behind on each topic. */
  readonly lag: () => Promise<{ readonly topic: string; readonly lag: number }[]>;
}

/** The metrics of messages for an operator: names and numbers, never a key. A database or broker that is away fails no scrape. */
export function messagingMetrics(registry: Registry, { database, clock, lag }: Watched) {
  const registers = [registry];
  const read = shared(1_000, () => readDepths(database, clock));
  const depths = (): Promise<Depths> => withTimeLimit(read);
  const lags = shared(2_000, () => Promise.race([lag(), pause(BROKER_WITHIN_MS).then(() => [])]));
  for (const [name, help] of Object.entries(gauges)) {
    new Gauge({
      name: `opennrm_${name}`,
      help,
      registers,
      async collect() {
        this.set(
          await depths().then(
            (all) => all[name as keyof Depths],
            () => Number.NaN,
          ),
        );
      },
    });
  }
  new Gauge({
    name: 'opennrm_database_up',
    help: 'Whether the database answers',
    registers,
    async collect() {
      this.set(
        await depths().then(
          () => 1,
          () => 0,
        ),
      );
    },
  });
  new Gauge({
    name: 'opennrm_consumer_lag',
    help: 'Messages still to be read',
    labelNames: ['topic'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { topic, lag: left } of await lags().catch(() => [])) this.set({ topic }, left);
    },
  });
  return {
    age: new Gauge({
      name: 'opennrm_event_age_seconds',
      help: 'Business time from an event to its handling, for the slice handled last',
      registers,
    }),
    outcomes: new Counter({
      name: 'opennrm_messages',
      help: 'Messages received, by what became of them',
      labelNames: ['outcome'] as const,
      registers,
    }),
    unwritableTopics: new Gauge({
      name: 'opennrm_unwritable_topics',
      help: 'Topics that could not be written when they were last tried, and are tried again',
      registers,
    }),
    sent: new Counter({ name: 'opennrm_messages_sent', help: 'Messages sent', registers }),
    relayDelay: new Histogram({
      name: 'opennrm_relay_delay_seconds',
      help: 'From commit to acknowledged, for the oldest of a batch',
      registers,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    }),
  };
}

export type MessagingMetrics = ReturnType<typeof messagingMetrics>;
