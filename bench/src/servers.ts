import {
  asAdmin,
  findKafka,
  findPostgres,
  type RunningKafka,
  type RunningPostgres,
  withDatabase,
} from '@opennrm/infra/local';
import { kafkaPids, type Pids, postmasterOf } from './measure/processes.ts';

/** One PostgreSQL and one broker that every system of a run uses in turn, with the same durability for all. */
export interface BenchServers {
  readonly postgres: RunningPostgres;
  readonly kafka: RunningKafka;
  /** The processes of PostgreSQL and Kafka. */
  readonly pids: Pids;
  stop(): Promise<void>;
}

export type PrintLine = (line: string) => void;

/**
 * Servers with settings of production: fsync and synchronous commit on, the JVM with its own compilers and 1 GiB. Only the time between
 * checkpoints is longer than PostgreSQL's default, for every system.
 */
export async function startServers(printLine: PrintLine): Promise<BenchServers> {
  const found = await Promise.allSettled([
    findPostgres({ only: 'embedded', durable: true }),
    findKafka({ only: 'embedded', tuning: 'benchmark' }),
  ]);
  const [postgres, kafka] = found;
  if (postgres.status === 'rejected' || kafka.status === 'rejected') {
    for (const one of found) if (one.status === 'fulfilled') await one.value.stop();
    throw postgres.status === 'rejected'
      ? postgres.reason
      : (kafka as PromiseRejectedResult).reason;
  }
  await asAdmin(postgres.value.adminUrl, async (admin) => {
    await admin.query(`ALTER SYSTEM SET max_wal_size = '4GB'`);
    await admin.query('SELECT pg_reload_conf()');
  });
  // a platform uses the servers that its environment names
  process.env.DATABASE_URL = postgres.value.adminUrl;
  process.env.KAFKA_BROKERS = kafka.value.brokers.join(',');
  printLine(
    'PostgreSQL (fsync, synchronous_commit) and Apache Kafka (acks=all, one broker) are there.',
  );
  return {
    postgres: postgres.value,
    kafka: kafka.value,
    pids: { postgresql: await postmasterOf(postgres.value), kafka: kafkaPids(kafka.value) },
    async stop() {
      delete process.env.DATABASE_URL;
      delete process.env.KAFKA_BROKERS;
      await Promise.allSettled([postgres.value.stop(), kafka.value.stop()]);
    },
  };
}

/**
 * Does what PostgreSQL does by itself within a minute or two of any load: it collects statistics for the planner and removes dead rows.
 * Without this only the first minute of a new database would be measured. So it is done after the first load of every system.
 */
export async function settle({ postgres }: BenchServers): Promise<void> {
  const databases = await asAdmin(postgres.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'`,
    );
    return rows.map(({ name }) => name);
  });
  for (const name of databases)
    await asAdmin(withDatabase(postgres.adminUrl, name), (admin) =>
      admin.query('VACUUM (ANALYZE)'),
    );
  await asAdmin(postgres.adminUrl, (admin) => admin.query('CHECKPOINT'));
}
