import { randomUUID } from 'node:crypto';
import type { Database, Log } from '@opennrm/runtime';
import { createLog } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { outgoing, record } from './journal.ts';
import { type Kafka, type KafkaRecord, RecordRefused } from './kafka/port.ts';
import { letters } from './letters.fixture.ts';
import { type Relay, startRelay } from './relay.ts';
import { openRelayLock } from './relay-lock.ts';
import { wakingDatabase } from './start.ts';

const log: Log = createLog('spec', 'silent');
let database: Database;
let drop: () => Promise<void>;
let relay: Relay | undefined;
beforeAll(async () => {
  ({ database, drop } = await testDatabase('messaging'));
});
afterAll(() => drop());
beforeEach(async () => {
  await database.query('DELETE FROM outbox');
});
afterEach(() => relay?.stop());

/** A substitute for the broker only: it records what it acknowledged, in order. The real broker is tested in `kafka/kafka.spec.ts`. */
function broker(refuse: (records: readonly KafkaRecord[]) => Error | undefined = () => undefined) {
  const log: string[] = [];
  const send = async (records: readonly KafkaRecord[]): Promise<void> => {
    const error = refuse(records);
    if (error) throw error;
    log.push(...records.map((one) => one.headers.ce_id ?? ''));
  };
  const kafka: Kafka = {
    send,
    sendSeparately: send,
    consume: () => Promise.reject(new Error('nothing is consumed here')),
    lag: async () => [],
    close: async () => undefined,
  };
  return { kafka, log };
}

const write = (
  id: string,
  text: string,
  key = id,
  on: Pick<Database, 'transaction'> = database,
): Promise<void> =>
  on.transaction((tx) =>
    record(tx, {
      aggregate: 'writer',
      id,
      version: 1,
      at: instant(1),
      author: { organisation: randomUUID(), role: 'system' },
      events: [{ type: 'Wrote' }],
      messages: [outgoing(letters, key, { $case: 'written', value: text })],
    }),
  );

const idsInOrder = async (): Promise<string[]> =>
  (
    await database.query<{ id: string }>(
      'SELECT id FROM journal WHERE topic IS NOT NULL AND position IN (SELECT position FROM outbox) ORDER BY position',
    )
  ).rows.map((row) => row.id);

it('the relay sends what was committed, in the order of the journal, and empties the outbox', async () => {
  const { kafka, log: sent } = broker();
  const id = randomUUID();
  for (const text of ['a', 'b', 'c']) await write(id, text);
  const expected = await idsInOrder();
  relay = startRelay({ database, kafka, log });
  await vi.waitFor(async () => expect(sent).toEqual(expected));
  await vi.waitFor(async () => expect(await idsInOrder()).toEqual([]));
});

it('a commit of this process has its message sent although the outbox is read once an hour', async () => {
  const { kafka, log: sent } = broker();
  const read = Promise.withResolvers<void>();
  const part = { moved: () => read.resolve(), during: <T>(work: () => Promise<T>) => work() };
  const hourly = startRelay({ database, kafka, log, part, pollMs: 3_600_000 });
  relay = hourly;
  await read.promise;
  const waking = wakingDatabase(database, () => hourly.wake());
  for (const messages of [1, 2, 3]) {
    await write(randomUUID(), 'a', undefined, waking);
    await vi.waitFor(() => expect(sent).toHaveLength(messages), { timeout: 60_000 });
  }
});

it('the relay of one replica sends what another replica commits, without a wake', async () => {
  const { kafka, log: sent } = broker();
  let polls = 0;
  const part = { moved: () => void polls++, during: <T>(work: () => Promise<T>) => work() };
  relay = startRelay({ database, kafka, log, part });
  await vi.waitFor(() => expect(polls).toBeGreaterThan(0), { timeout: 60_000 });
  for (const messages of [1, 2]) {
    await write(randomUUID(), 'a');
    await vi.waitFor(() => expect(sent).toHaveLength(messages), { timeout: 60_000 });
  }
});

it('the relay sends a message again when the answer was lost: repeats, never losses', async () => {
  let crashes = 1;
  const arrived: string[] = [];
  const { kafka } = broker((records) => {
    arrived.push(...records.map((one) => one.headers.ce_id ?? ''));
    return crashes-- > 0 ? new Error('ended before the answer arrived') : undefined;
  });
  const id = randomUUID();
  await write(id, 'a');
  const [expected] = await idsInOrder();
  relay = startRelay({ database, kafka, log });
  await vi.waitFor(() => expect(arrived).toEqual([expected, expected]));
});

it('the relay parks the messages of one aggregate that the broker will never accept, and sends all others', async () => {
  const poison = randomUUID();
  const good = randomUUID();
  const { kafka, log: sent } = broker((records) =>
    records.some((one) => one.key === poison && one.headers.ce_sequence === '1')
      ? new RecordRefused('MESSAGE_TOO_LARGE')
      : undefined,
  );
  await write(poison, 'too large');
  await write(good, 'fine');
  relay = startRelay({ database, kafka, log });
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  await write(poison, 'later, and it must not overtake');
  relay.wake();
  await write(good, 'fine too');
  relay.wake();
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  const { rows } = await database.query<{ waiting: number }>(
    'SELECT count(*)::int AS waiting FROM outbox WHERE aggregate_id = $1',
    [poison],
  );
  expect(rows[0]?.waiting).toBe(2);
});

it('one of two replicas sends, and the other takes over when the first stops', async () => {
  const [first, second] = [broker(), broker()];
  relay = startRelay({ database, kafka: first.kafka, log });
  await write(randomUUID(), 'a');
  await vi.waitFor(() => expect(first.log).toHaveLength(1));
  const standby = startRelay({ database, kafka: second.kafka, log, pollMs: 20 });
  await relay.stop();
  await write(randomUUID(), 'b');
  await vi.waitFor(() => expect(second.log).toHaveLength(1));
  await standby.stop();
});

it('a waiting relay takes over from a frozen holder', async () => {
  const frozen = await openRelayLock(database, { frozenAfterMs: 60_000, log });
  expect(await frozen.tryAcquire()).toBe(true);
  await write(randomUUID(), 'a');
  const { kafka, log: sent } = broker();
  relay = startRelay({ database, kafka, log, pollMs: 20, frozenAfterMs: 100 });
  await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 60_000 });
  await frozen.release();
});

it('a waiting relay never ends a holder that is alive and waits for a broker that is away', async () => {
  await write(randomUUID(), 'a');
  const { kafka, log: sent } = broker();
  const back = Promise.withResolvers<void>();
  let tries = 0;
  const away: typeof kafka = {
    ...kafka,
    async send(records) {
      tries++;
      await back.promise;
      await kafka.send(records);
    },
  };
  // The holder shows a hundred signs of life in the time after which the other takes it for frozen.
  const holder = startRelay({ database, kafka: away, log, pollMs: 20, frozenAfterMs: 100 });
  onTestFinished(() => holder.stop());
  await vi.waitFor(() => expect(tries).toBe(1), { timeout: 60_000 });
  const waiting = startRelay({ database, kafka: away, log, pollMs: 20, frozenAfterMs: 2_000 });
  onTestFinished(() => waiting.stop());
  onTestFinished(() => back.resolve());
  const oldest = 'SELECT 1 FROM outbox WHERE put_at < clock_timestamp() - make_interval(secs => 3)';
  await vi.waitFor(async () => expect((await database.query(oldest)).rowCount).toBe(1), {
    timeout: 60_000,
  });
  expect(tries).toBe(1);
  back.resolve();
  await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 60_000 });
});

it('a standby relay waits for the lock over one open connection', async () => {
  const { kafka } = broker();
  let opened = 0;
  const counting: Database = {
    ...database,
    connect: () => {
      opened++;
      return database.connect();
    },
  };
  const holder = await openRelayLock(database, { frozenAfterMs: 60_000, log });
  expect(await holder.tryAcquire()).toBe(true);
  let checks = 0;
  const part = { moved: () => void checks++, during: <T>(work: () => Promise<T>) => work() };
  const standby = startRelay({ database: counting, kafka, log, pollMs: 5, part });
  await vi.waitFor(() => expect(checks).toBeGreaterThan(20), { timeout: 60_000 });
  await standby.stop();
  await holder.release();
  expect(opened).toBe(1);
});
