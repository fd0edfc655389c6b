import { asAdmin, createTopics, provisionDatabase } from '@opennrm/infra/local';
import { pidsOf, type Started, startProcess } from '../../load/start.ts';
import type { OwnServers, OwnSystem } from '../bare.ts';

const PARTITIONS = 6;
const JOURNAL = `
  CREATE TABLE journal (position bigserial PRIMARY KEY, id uuid NOT NULL, saga uuid NOT NULL, type text NOT NULL, topic text, key text, sequence bigint, value bytea);
  CREATE TABLE outbox (position bigint PRIMARY KEY);
  CREATE TABLE inbox (key uuid, type text, PRIMARY KEY (key, type));`;
const TABLES = {
  referral: `${JOURNAL} CREATE TABLE saga (id uuid PRIMARY KEY, hold uuid NOT NULL UNIQUE, stage text NOT NULL, state jsonb NOT NULL);`,
  shelter: `${JOURNAL} CREATE TABLE shelter (id int PRIMARY KEY, free int NOT NULL);
    INSERT INTO shelter SELECT n, 1000000 FROM generate_series(0, 74) AS n;
    CREATE TABLE hold (id uuid PRIMARY KEY, shelter int NOT NULL, stage text NOT NULL);`,
};

/** State row, journal, outbox and inbox, three durable hops, and nothing that is done one by one. */
export async function startSetBased(servers: OwnServers): Promise<OwnSystem> {
  const urls: Record<string, string> = {};
  for (const [name, tables] of Object.entries(TABLES)) {
    const { ownerUrl } = await provisionDatabase({
      adminUrl: servers.postgres.adminUrl,
      service: `set-${name}`,
      database: `set_${name}`,
      fresh: true,
    });
    urls[name] = ownerUrl;
    await asAdmin(ownerUrl, (owner) => owner.query(tables));
  }
  const names = ['set.referral.shelter', 'set.shelter.referral'];
  await createTopics(
    servers.kafka.brokers,
    names.map((name) => ({ name, partitions: PARTITIONS })),
  );
  const started: Record<string, Started> = {};
  for (const name of ['referral', 'shelter'])
    started[name] = await startProcess(`set-${name}`, `bare/set-based/${name}.ts`, {
      ...{ DATABASE_URL: urls[name] ?? '', KAFKA_BROKERS: servers.kafka.brokers.join(','), NAME: `set-${name}` },
    });
  return {
    pids: { ...pidsOf(started), ...servers.pids },
    target: {
      ...{ kind: 'lines', port: started.referral?.port ?? 0, databaseUrl: urls.referral ?? '' },
      offersSql: `SELECT id, hold AS offer FROM saga WHERE id = ANY ($1::uuid[]) AND stage = 'offered'`,
      confirmedSql: `SELECT id FROM saga WHERE id = ANY ($1::uuid[]) AND stage = 'confirmed'`,
    },
    stop: async () => void (await Promise.all(Object.values(started).map((one) => one.process.stop('SIGKILL')))),
  };
}
