import { randomBytes } from 'node:crypto';
import { createTopics, findKafka, findPostgres } from '@opennrm/infra/local';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import './provided.ts';

const SPEC_TOPICS = [{ name: 'opennrm.writer.reader.v1', partitions: 3 }];

/**
 * One real PostgreSQL and one real Kafka for a test run: those that `infra/local/with-servers.ts` started for several runs, otherwise new
 * ones. When none can be started the run fails with the reason; nothing is skipped.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const shared = process.env.OPENNRM_SPEC_SERVERS;
  const servers = shared === undefined ? await startServers() : sharedServers(shared);
  await createTopics(servers.kafkaBrokers, SPEC_TOPICS);
  project.provide('postgresAdminUrl', servers.postgresAdminUrl);
  project.provide('databaseSecret', servers.databaseSecret);
  project.provide('kafkaBrokers', servers.kafkaBrokers);
  return servers.stop;
}

interface Servers extends ProvidedContext {
  stop(): Promise<void>;
}

const sharedServers = (shared: string): Servers => ({
  ...(JSON.parse(shared) as ProvidedContext),
  stop: async () => undefined,
});

async function startServers(): Promise<Servers> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const postgres = await findPostgres({ durable: false, progress });
  try {
    const kafka = await findKafka({ progress });
    return {
      postgresAdminUrl: postgres.adminUrl,
      databaseSecret: randomBytes(16).toString('hex'),
      kafkaBrokers: [...kafka.brokers],
      async stop() {
        await kafka.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
