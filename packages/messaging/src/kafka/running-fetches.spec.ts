import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createTopics } from '@opennrm/infra/local';
import { createLog } from '@opennrm/runtime';
import { testBrokers } from '@opennrm/testkit';
import { Kafka as Client, type ISocketFactory, logLevel } from 'kafkajs';
import { expect, it, vi } from 'vitest';
import { letterRecord } from '../letters.fixture.ts';
import { kafkaOnKafkajs } from './kafkajs.ts';

/** The number that the Kafka protocol gives to a fetch, and its place in a request. */
const FETCH = 1;
const KIND_AT = 4;
const HOUR = 3_600_000;

/** Connections that count the fetches. */
function countingFetches(): {
  readonly socketFactory: ISocketFactory;
  readonly sent: () => number;
} {
  let sent = 0;
  return {
    sent: () => sent,
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port }, onConnect);
      const write = socket.write.bind(socket);
      return Object.assign(socket, {
        write(frame: Buffer, ...rest: never[]) {
          if (frame.readInt16BE(KIND_AT) === FETCH) sent++;
          return write(frame, ...rest);
        },
      });
    },
  };
}

/** How many members the broker knows in a group. */
async function membersOf(group: string): Promise<number | undefined> {
  const admin = new Client({ brokers: [...testBrokers()], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([group]);
  await admin.disconnect();
  return groups[0]?.members.length;
}

it('a consumer stops and leaves its group while a broker would answer its fetch only in an hour', async () => {
  const [topic, group, key] = [randomUUID(), randomUUID(), randomUUID()];
  await createTopics(testBrokers(), [{ name: topic, partitions: 1 }]);
  const { sent, socketFactory } = countingFetches();
  const log = createLog('spec', 'silent');
  const kafka = kafkaOnKafkajs({
    brokers: testBrokers(),
    clientId: 'spec',
    log,
    socketFactory,
    fetchWaitMs: HOUR,
  });
  const read: string[] = [];
  const consumer = await kafka.consume({
    group,
    topics: [topic],
    sliceSize: 10,
    handle: async (slice) => void read.push(...slice.map((one) => one.key ?? '')),
    fatal: (reason) => expect.unreachable(reason),
  });
  await vi.waitFor(() => expect(sent()).toBe(1), { timeout: 60_000 });
  await kafka.send([{ ...letterRecord(key, 1, 'a'), topic }]);
  await vi.waitFor(() => expect([read, sent()]).toEqual([[key], 2]), { timeout: 60_000 });
  expect(await membersOf(group)).toBe(1);
  await consumer.stop();
  expect(await membersOf(group)).toBe(0);
  expect(await kafka.lag(group, [topic])).toEqual([{ topic, lag: 0 }]);
  await kafka.close();
});
