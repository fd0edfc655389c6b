import { asAdmin, createTopics, provisionDatabase } from '@opennrm/infra/local';
import type { OwnSystem } from '../bare/bare.ts';
import { connectLine } from '../load/line-client.ts';
import { pidsOf, type Started, startProcess } from '../load/start.ts';
import type { BenchServers } from '../servers.ts';
import { NAIVE_TABLES } from './naive-tables.ts';
import { SHELTER_TABLES } from './shelter-tables.ts';

export const SAGA_TABLE = 'CREATE TABLE saga (id uuid PRIMARY KEY, stage text NOT NULL);';

export async function peerDatabase(
  servers: BenchServers,
  name: string,
  tables: string,
): Promise<string> {
  const { ownerUrl } = await provisionDatabase({
    adminUrl: servers.postgres.adminUrl,
    service: `peer-${name.replaceAll('_', '-')}`,
    database: name,
    fresh: true,
  });
  await asAdmin(ownerUrl, (owner) => owner.query(tables));
  return ownerUrl;
}

export const peerSystem = (
  servers: BenchServers,
  databaseUrl: string,
  processes: Readonly<Record<'referral' | 'shelter', Started>>,
): OwnSystem => ({
  pids: { ...pidsOf(processes), ...servers.pids },
  target: {
    kind: 'lines',
    port: processes.referral.port,
    databaseUrl,
    offersSql: `SELECT id, id AS offer FROM saga WHERE id = ANY ($1::uuid[]) AND stage = 'offered'`,
    confirmedSql: `SELECT id FROM saga WHERE id = ANY ($1::uuid[]) AND stage = 'confirmed'`,
  },
  stop: async () =>
    void (await Promise.all(Object.values(processes).map((one) => one.process.stop('SIGKILL')))),
});

/** DBOS: workflow and checkpoints are in the database of the referral; the shelter is called and does its work once. */
export async function startDbos(servers: BenchServers): Promise<OwnSystem> {
  const [ours, theirs] = [
    await peerDatabase(servers, 'dbos_referral', SAGA_TABLE),
    await peerDatabase(servers, 'dbos_shelter', SHELTER_TABLES),
  ];
  const shelter = await startProcess('dbos-shelter', 'peers/beds-server.ts', {
    DATABASE_URL: theirs,
  });
  const referral = await startProcess('dbos-referral', 'peers/dbos.ts', {
    DATABASE_URL: ours,
    SYSTEM_DATABASE_URL: ours,
    BEDS_PORT: String(shelter.port),
  });
  return peerSystem(servers, ours, { referral, shelter });
}

/** emmett: an event store for each side; reactors send messages to the other side. */
export async function startEmmett(servers: BenchServers): Promise<OwnSystem> {
  const [ours, theirs] = [
    await peerDatabase(servers, 'emmett_referral', SAGA_TABLE),
    await peerDatabase(servers, 'emmett_shelter', SHELTER_TABLES),
  ];
  const shelter = await startProcess('emmett-shelter', 'peers/emmett-shelter.ts', {
    DATABASE_URL: theirs,
  });
  const referral = await startProcess('emmett-referral', 'peers/emmett-referral.ts', {
    DATABASE_URL: ours,
    OTHER_PORT: String(shelter.port),
  });
  const line = await connectLine(shelter.port);
  await line.ask('meet', { port: referral.port });
  line.close();
  return peerSystem(servers, ours, { referral, shelter });
}

const PARTITIONS = 6;

/**
 * What most engineers would write first: kafkajs with eachMessage, publish after commit, and a poll each second for messages that were
 * missed.
 */
export async function startNaive(servers: BenchServers): Promise<OwnSystem> {
  const [ours, theirs] = [
    await peerDatabase(servers, 'naive_referral', `${SAGA_TABLE} ${NAIVE_TABLES}`),
    await peerDatabase(servers, 'naive_shelter', `${SHELTER_TABLES} ${NAIVE_TABLES}`),
  ];
  const topics = ['naive.referral.shelter', 'naive.shelter.referral'];
  await createTopics(
    servers.kafka.brokers,
    topics.map((name) => ({ name, partitions: PARTITIONS })),
  );
  const KAFKA_BROKERS = servers.kafka.brokers.join(',');
  const start = (name: string, url: string) =>
    startProcess(`naive-${name}`, `peers/naive-${name}.ts`, {
      DATABASE_URL: url,
      KAFKA_BROKERS,
      NAME: `naive-${name}`,
    });
  const shelter = await start('shelter', theirs);
  const referral = await start('referral', ours);
  return peerSystem(servers, ours, { referral, shelter });
}
