import { randomBytes } from 'node:crypto';
import { createTopics, findKafka, findPostgres } from '@opennrm/infra/local';
import type { TestProject } from 'vitest/node';
import './provided.ts';

const SPEC_TOPICS = [{ name: 'opennrm.writer.reader.v1', partitions: 3 }];

/** One real PostgreSQL and one real Kafka for a run of the tests. None to be had: the run fails and says why; nothing is skipped. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const postgres = await findPostgres({ durable: false, progress });
  try {
    const kafka = await findKafka({ progress });
    await createTopics(kafka.brokers, SPEC_TOPICS);
    project.provide('postgresAdminUrl', postgres.adminUrl);
    project.provide('databaseSecret', randomBytes(16).toString('hex'));
    project.provide('kafkaBrokers', [...kafka.brokers]);
    return async () => {
      await kafka.stop();
      await postgres.stop();
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
