import { randomUUID } from 'node:crypto';
import { createTopics, findKafka, freePort, type RunningKafka } from '@opennrm/infra/local';
import { createLog } from '@opennrm/runtime';
import { type TcpProxy, tcpProxy } from '@opennrm/testkit';
import { Kafka as Client, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { letterRecord, letters } from '../letters.fixture.ts';
import { kafkaOnKafkajs } from './kafkajs.ts';
import type { KafkaRecord } from './port.ts';

/*
 * The broker writes a message and its answer is lost. kafkajs 2.2.4 then rolls the numbers of its idempotent producer back. The *next*
 * message is therefore taken for a repeat of the lost one: acknowledged, and never written.
 */

let broker: RunningKafka;
let proxy: TcpProxy;
beforeAll(async () => {
  const [port, proxyPort] = [await freePort(), await freePort()];
  proxy = await tcpProxy({ port: proxyPort, target: { host: '127.0.0.1', port } });
  broker = await findKafka({ only: 'embedded', port, advertise: `127.0.0.1:${proxyPort}` });
  await createTopics([`127.0.0.1:${proxyPort}`], [{ name: letters.name, partitions: 1 }]);
}, 60_000);
afterAll(async () => {
  await proxy.close();
  await broker.stop();
});

const REQUEST_TIMEOUT_MS = 700;
const address = (): string => `127.0.0.1:${proxy.port}`;
const textOf = (record: { value: Uint8Array | null }): string =>
  (JSON.parse(Buffer.from(record.value ?? []).toString()) as { value: string }).value;

/** The messages of a key on the broker, in order. */
async function written(key: string): Promise<string[]> {
  const client = new Client({ clientId: 'look', brokers: [address()], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: randomUUID() });
  const seen: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [letters.name], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (message.key?.toString() === key) seen.push(textOf(message));
    },
  });
  await vi.waitFor(() => expect(seen).toContain('m5'), { timeout: 60_000 });
  await consumer.disconnect();
  return seen;
}

/** m1 and m2 are acknowledged. m3 is written, but its answer is dropped and every later try fails. */
async function dropTheAnswerToM3(send: (text: string) => Promise<void>): Promise<void> {
  await send('m1');
  await send('m2');
  proxy.dropAnswers();
  await expect(send('m3')).rejects.toThrow();
  proxy.restore();
  proxy.cutConnections();
}

describe('producer-answer-lost', () => {
  it('a reused kafkajs producer loses a message after an unanswered send, which is why a failed producer is never reused', async () => {
    const key = randomUUID();
    const client = new Client({
      clientId: 'kept',
      brokers: [address()],
      logLevel: logLevel.NOTHING,
      requestTimeout: REQUEST_TIMEOUT_MS,
    });
    const producer = client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 1, initialRetryTime: 50 },
    });
    await producer.connect();
    const send = async (text: string): Promise<void> => {
      const { headers, value } = letterRecord(key, 1, text);
      await producer.send({
        topic: letters.name,
        acks: -1,
        messages: [{ key, headers, value: Buffer.from(value) }],
      });
    };
    await dropTheAnswerToM3(send);
    await send('m4');
    await send('m5');
    await producer.disconnect();
    expect(await written(key)).toEqual(['m1', 'm2', 'm3', 'm5']);
  }, 60_000);

  it('no message is lost when the same rows are sent by a new producer', async () => {
    const key = randomUUID();
    const kafka = kafkaOnKafkajs({
      brokers: [address()],
      clientId: 'ours',
      log: createLog('spec', 'silent'),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      sendLimitMs: 2_000,
    });
    const record = (nth: number): KafkaRecord => letterRecord(key, nth, `m${nth}`);
    await dropTheAnswerToM3((text) => kafka.send([record(Number(text.slice(1)))]));
    await vi.waitFor(() => kafka.send([record(3)]), { timeout: 60_000, interval: 200 });
    await kafka.send([record(4)]);
    await kafka.send([record(5)]);
    await kafka.close();
    const seen = await written(key);
    expect([...new Set(seen)]).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  }, 60_000);
});
