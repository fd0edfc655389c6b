import { randomUUID } from 'node:crypto';
import { createTopics } from '@opennrm/infra/local';
import { createLog } from '@opennrm/runtime';
import { testBrokers } from '@opennrm/testkit';
import { expect, it, vi } from 'vitest';
import { letterRecord } from '../letters.fixture.ts';
import { answersLost, SYNC_GROUP } from './answers-lost.fixture.ts';
import { kafkaOnKafkajs } from './kafkajs.ts';
import type { Kafka } from './port.ts';

/*
 * A member joins its group again and the answer with its partitions is lost. kafkajs 2.2.4 then continues with the old partitions and
 * generation, but sends heartbeats of the new generation. The broker takes it for a member that reads, refuses its commits, and gives its
 * new partitions to no other member.
 */

const REQUEST_TIMEOUT_MS = 700;
const PARTITIONS = 4;

function kafka(own: Partial<Parameters<typeof kafkaOnKafkajs>[0]> = {}): Kafka {
  const log = createLog('spec', 'silent');
  return kafkaOnKafkajs({
    brokers: testBrokers(),
    clientId: 'spec',
    log,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    ...own,
  });
}

it('a consumer ends when the answer with its new partitions was lost; the member that replaces it reads and commits them', async () => {
  const [topic, group] = [randomUUID(), randomUUID()];
  await createTopics(testBrokers(), [{ name: topic, partitions: PARTITIONS }]);
  const lost = answersLost();
  const [first, second, writer] = [kafka({ socketFactory: lost.socketFactory }), kafka(), kafka()];
  const read = new Set<string>();
  const member = (
    of: Kafka,
    fatal: (reason: string) => void = (reason) => expect.unreachable(reason),
  ) =>
    of.consume({
      group,
      topics: [topic],
      sliceSize: 10,
      handle: async (slice) => {
        for (const { key } of slice) read.add(key ?? '');
      },
      fatal,
    });
  const keys = Array.from({ length: 40 }, () => randomUUID());
  const send = (some: string[]) =>
    writer.send(some.map((key) => ({ ...letterRecord(key, 1, 'text'), topic })));
  const allCommitted = async (some: string[]): Promise<void> => {
    expect(some.filter((key) => !read.has(key))).toEqual([]);
    expect(await writer.lag(group, [topic])).toEqual([{ topic, lag: 0 }]);
  };

  const ended = Promise.withResolvers<string>();
  const one = await member(first, ended.resolve);
  await send(keys.slice(0, 20));
  await vi.waitFor(() => allCommitted(keys.slice(0, 20)), { timeout: 60_000, interval: 200 });
  const answerLost = lost.loseNext(SYNC_GROUP);
  const other = await member(second);
  await answerLost;
  await send(keys.slice(20));
  expect(await ended.promise).toBe('the kafka consumer is not the one that its group knows');
  await one.stop();
  await vi.waitFor(() => allCommitted(keys), { timeout: 60_000, interval: 200 });
  await other.stop();
  await Promise.all([first.close(), second.close(), writer.close()]);
});
