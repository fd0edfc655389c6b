/** PostgreSQL, Kafka and the whole platform through a real engine. Not a part of `npm test`: `npm run test:docker`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  createTopics,
  findKafka,
  findPostgres,
  inRepository,
  startPlatform,
} from '../local/index.ts';
import { kafkaImage } from '../local/kafka/docker.ts';
import { postgresImage } from '../local/postgres/docker.ts';
import { answersOk } from '../local/process/ready.ts';
import { containers, requireImage } from './engine.fixture.ts';

const GONE_WITHIN = { timeout: 60_000, interval: 250 };
const quiet = (): void => undefined;

let before: string[] = [];
beforeAll(async () => {
  for (const unset of ['DATABASE_URL', 'KAFKA_BROKERS']) vi.stubEnv(unset, undefined);
  for (const image of [postgresImage, kafkaImage]) await requireImage(image);
  before = await containers();
});
afterAll(() => void vi.unstubAllEnvs());
afterEach(() => vi.waitFor(async () => expect(await containers()).toEqual(before), GONE_WITHIN));

it('starts the PostgreSQL of the official image with our settings, encoding and collation', async () => {
  const postgres = await findPostgres({ durable: false });
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  try {
    expect(postgres.source).toBe('docker');
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('fsync') AS fsync,
        current_setting('max_connections') AS connections, pg_encoding_to_char(encoding) AS encoding, datlocale
      FROM pg_database WHERE datname = current_database()`,
    );
    const ours = {
      version: 18,
      fsync: 'off',
      connections: '300',
      encoding: 'UTF8',
      datlocale: 'C.UTF-8',
    };
    expect(rows).toEqual([ours]);
  } finally {
    await client.end();
    await postgres.stop();
  }
});

it('starts the Kafka of the official image, which tells clients an address that they reach', async () => {
  const kafka = await findKafka();
  const client = new Kafka({
    clientId: 'spec',
    brokers: [...kafka.brokers],
    logLevel: logLevel.NOTHING,
  });
  const [producer, consumer] = [client.producer(), client.consumer({ groupId: 'spec' })];
  try {
    expect(kafka.source).toBe('docker');
    await createTopics(kafka.brokers, [{ name: 'opennrm.writer.reader.v1', partitions: 3 }]);
    await Promise.all([producer.connect(), consumer.connect()]);
    await producer.send({
      topic: 'opennrm.writer.reader.v1',
      messages: [{ key: 'k', value: 'heard' }],
    });
    await consumer.subscribe({ topic: 'opennrm.writer.reader.v1', fromBeginning: true });
    const heard: string[] = [];
    await consumer.run({
      eachMessage: async ({ message }) => void heard.push(String(message.value)),
    });
    await vi.waitFor(() => expect(heard).toEqual(['heard']), { timeout: 60_000 });
  } finally {
    await Promise.allSettled([producer.disconnect(), consumer.disconnect()]);
    await kafka.stop();
  }
});

it('brings the whole platform up on both', async () => {
  const countryPack = inRepository('infra/countries/sample');
  const platform = await startPlatform({ countryPack, durable: false, progress: quiet });
  try {
    expect([platform.postgres.source, platform.kafka.source]).toEqual(['docker', 'docker']);
    for (const { healthUrl } of platform.services)
      expect(await answersOk(`${healthUrl}/ready`)).toBe(true);
  } finally {
    await platform.stop();
  }
});

it('leaves no container behind when the launcher is killed', async () => {
  const launcher = fileURLToPath(new URL('./launcher.fixture.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = child.stdout ? await once(child.stdout, 'data') : [];
    expect(String(line).trim()).toBe('docker,docker');
    expect((await containers()).length).toBe(before.length + 2);
  } finally {
    child.kill('SIGKILL');
  }
});
