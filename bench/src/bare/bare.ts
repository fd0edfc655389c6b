import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '@opennrm/contracts/topics';
import { asAdmin, createTopics, provisionDatabase } from '@opennrm/infra/local';
import type { Target } from '../load/job.ts';
import { pidsOf, type Started, startProcess } from '../load/start.ts';
import type { Pids } from '../measure/processes.ts';
import { SHELTERS } from '../platform/referral-platform.ts';
import { bareTopic } from './keep.ts';
import type { Shape } from './shape.ts';
import { createTables } from './tables/create-tables.ts';

/** The servers that a system of the bench's own processes uses. */
export interface OwnServers {
  readonly postgres: { readonly adminUrl: string };
  readonly kafka: { readonly brokers: readonly string[] };
  readonly pids: Pids;
}

/** A system of the bench's own processes. */
export interface OwnSystem {
  readonly pids: Pids;
  readonly target: Target;
  stop(): Promise<void>;
}

/** The tables and indexes of 0.1.0, written by three processes that decide nothing. */
export async function startBare(servers: OwnServers, shape: Shape): Promise<OwnSystem> {
  const scratch = await mkdtemp(join(tmpdir(), 'opennrm-bare-'));
  const shapeFile = join(scratch, 'shape.json');
  await writeFile(shapeFile, JSON.stringify(shape));
  const names = ['referral', 'shelter-capacity', 'case-vault'] as const;
  const urls: Record<string, string> = {};
  for (const name of names) {
    const provisioned = await provisionDatabase({
      adminUrl: servers.postgres.adminUrl,
      service: `bare-${name}`,
      database: `bare_${name.replace('-', '_')}`,
      fresh: true,
    });
    await createTables(provisioned.ownerUrl, name);
    urls[name] = provisioned.ownerUrl;
  }
  const providers = Array.from({ length: SHELTERS }, () => randomUUID());
  await asAdmin(urls['shelter-capacity'] ?? '', async (shelter) => {
    await shelter.query(`INSERT INTO provider SELECT id, id, 1, 1, $2 FROM unnest($1::uuid[]) AS id`, [
      ...[providers, shape.providerState],
    ]);
    await shelter.query('INSERT INTO service_provider SELECT id, id FROM unnest($1::uuid[]) AS id', [providers]);
  });
  await createTopics(
    servers.kafka.brokers,
    Object.values(topics).map(({ name, partitions }) => ({ name: bareTopic(name), partitions })),
  );
  const settings = { SHAPE: shapeFile, PROVIDERS: providers.join(','), KAFKA_BROKERS: servers.kafka.brokers.join(',') };
  const started: Record<string, Started> = {};
  const files = { referral: 'referral', 'shelter-capacity': 'shelter', 'case-vault': 'vault' } as const;
  for (const name of names)
    started[name] = await startProcess(`bare-${name}`, `bare/${files[name]}.ts`, {
      ...{ ...settings, DATABASE_URL: urls[name] ?? '', NAME: `bare-${name}` },
    });
  return {
    pids: { ...pidsOf(started), ...servers.pids },
    target: {
      ...{ kind: 'lines', port: started.referral?.port ?? 0, databaseUrl: urls.referral ?? '' },
      offersSql: 'SELECT referral_id AS id, offer_id AS offer FROM offer WHERE referral_id = ANY ($1::uuid[]) AND open',
      confirmedSql: `SELECT id FROM referral WHERE id = ANY ($1::uuid[]) AND stage = 'awaiting-person'`,
    },
    async stop() {
      await Promise.all(Object.values(started).map((one) => one.process.stop('SIGKILL')));
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
