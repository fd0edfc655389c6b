import { randomUUID } from 'node:crypto';
import { openDatabase } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { manualClock, type TestDatabase, testDatabase } from '@opennrm/testkit';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { applySlice } from './inbox/apply.ts';
import { outgoing, record } from './journal.ts';
import { LETTERS_TABLE, letters, reader, receivedLetter } from './letters.fixture.ts';
import { messagingMetrics } from './metrics.ts';

const clock = manualClock(instant(1_000_000));
const key = randomUUID();
let test: TestDatabase;
beforeAll(async () => {
  const ownerSql = `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`;
  test = await testDatabase('messaging', { ownerSql });
});
afterAll(() => test.drop());

type Behind = () => Promise<{ readonly topic: string; readonly lag: number }[]>;

function watched(lag: Behind = async () => [], database = test.database) {
  const registry = new Registry();
  return { metrics: messagingMetrics(registry, { database, clock, lag }), registry };
}
/** The value of one metric in a scrape. */
async function scraped(registry: Registry, name: string): Promise<string | undefined> {
  const lines = (await registry.metrics()).split('\n');
  return lines
    .find((line) => line.startsWith(`opennrm_${name} `) || line.startsWith(`opennrm_${name}{`))
    ?.split(' ')[1];
}
const all = async (registry: Registry, ...names: string[]): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, Number(await scraped(registry, name))])),
  );

const write = (id: string): Promise<void> =>
  test.database.transaction((tx) =>
    record(tx, {
      aggregate: 'writer',
      id,
      version: 1,
      at: clock.now(),
      author: { organisation: randomUUID(), role: 'system' },
      events: [{ type: 'Wrote' }],
      messages: [outgoing(letters, key, { $case: 'written', value: 'words' })],
    }),
  );

it('the metrics report zero for every problem when there is none', async () => {
  const names = [
    'outbox_depth',
    'outbox_oldest_seconds',
    'outbox_parked',
    'parked',
    'quarantined_keys',
    'timers_overdue',
    'timers_failing',
  ];
  expect(await all(watched().registry, ...names, 'database_up')).toEqual({
    ...Object.fromEntries(names.map((name) => [name, 0])),
    database_up: 1,
  });
});

it('the metrics count the messages to be sent and those that the broker refuses, and report the age of the oldest', async () => {
  const refused = randomUUID();
  for (const id of [refused, randomUUID(), randomUUID()]) await write(id);
  await test.database.query(
    `UPDATE outbox SET parked = 'MESSAGE_TOO_LARGE' WHERE aggregate_id = $1`,
    [refused],
  );
  await test.database.query(
    `UPDATE outbox SET put_at = clock_timestamp() - interval '90 seconds' WHERE parked IS NULL`,
  );
  const { registry } = watched();
  expect(await all(registry, 'outbox_depth', 'outbox_parked')).toEqual({
    outbox_depth: 2,
    outbox_parked: 1,
  });
  const oldest = Number(await scraped(registry, 'outbox_oldest_seconds'));
  expect(oldest).toBeGreaterThanOrEqual(90);
  expect(oldest).toBeLessThan(120);
});

it('the metrics count parked messages and streams in quarantine separately', async () => {
  const letter = { $case: 'written', value: 'x' } as const;
  const slice = [2, 3, 4].map((sequence) => receivedLetter({ key, sequence }, letter));
  await test.database.transaction((tx) => applySlice(tx, reader(), slice, clock.now()));
  expect(await all(watched().registry, 'parked', 'quarantined_keys')).toEqual({
    parked: 3,
    quarantined_keys: 1,
  });
});

it('the metrics count a deadline as overdue when it has been due for more than one business minute', async () => {
  await test.database.query(
    `INSERT INTO timers (aggregate, aggregate_id, generation, kind, due) VALUES ('writer', $1, 1, 'ring', $2)`,
    [randomUUID(), clock.now()],
  );
  clock.advance(60_000);
  expect(await scraped(watched().registry, 'timers_overdue')).toBe('0');
  clock.advance(1);
  expect(await scraped(watched().registry, 'timers_overdue')).toBe('1');
});

it('the metrics count the deadlines whose last try failed', async () => {
  await test.database.query(
    `INSERT INTO timers (aggregate, aggregate_id, generation, kind, due, failures, retry_at)
     VALUES ('writer', $1, 1, 'ring', 1, 1, clock_timestamp() + interval '1 hour')`,
    [randomUUID()],
  );
  expect(await scraped(watched().registry, 'timers_failing')).toBe('1');
});

it('the metrics report the lag on each topic, and drop a topic that the broker no longer lists', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    let read = [{ topic: letters.name, lag: 7 }];
    const { registry } = watched(async () => read);
    expect(await registry.metrics()).toContain(`opennrm_consumer_lag{topic="${letters.name}"} 7`);
    read = [];
    vi.advanceTimersByTime(5_000);
    expect(await registry.metrics()).not.toContain('opennrm_consumer_lag{');
  } finally {
    vi.useRealTimers();
  }
});

it('the metrics count message outcomes by a closed list of labels', async () => {
  const { metrics, registry } = watched();
  for (const outcome of ['applied', 'applied', 'parked']) metrics.outcomes.inc({ outcome });
  metrics.sent.inc(5);
  const text = await registry.metrics();
  expect(text).toContain('opennrm_messages{outcome="applied"} 2');
  expect(text).toContain('opennrm_messages{outcome="parked"} 1');
  expect(text).toContain('opennrm_messages_sent 5');
});

it('no metric has a label that identifies a person or organisation', async () => {
  const { rows } = await test.database.query<{ aggregate_id: string }>(
    'SELECT aggregate_id FROM outbox',
  );
  const text = await watched(async () => [{ topic: letters.name, lag: 1 }]).registry.metrics();
  expect(rows.length).toBeGreaterThan(0);
  for (const one of [key, ...rows.map((row) => row.aggregate_id)]) expect(text).not.toContain(one);
});

it('a scrape is answered also when neither database nor broker answers', async () => {
  const away = openDatabase('postgres://nobody@127.0.0.1:1/nothing', { name: 'spec' });
  const { registry } = watched(() => Promise.reject(new Error('no broker')), away);
  const text = await registry.metrics();
  expect(text).toContain('opennrm_database_up 0');
  expect(text).toContain('opennrm_outbox_depth Nan');
  expect(text).not.toContain('opennrm_consumer_lag{');
  await away.close();
});

it('a scrape waits at most two seconds for a silent database, and queries it once', async () => {
  let asked = 0;
  const silent = {
    ...test.database,
    query: () => {
      asked++;
      return new Promise<never>(() => undefined);
    },
  };
  const { registry } = watched(async () => [], silent);
  for (let scrape = 0; scrape < 2; scrape++)
    expect(await registry.metrics()).toContain('opennrm_database_up 0');
  expect(asked).toBe(1);
});

it('a scrape waits at most two seconds for a silent broker', async () => {
  const started = Date.now();
  expect(await watched(() => new Promise(() => undefined)).registry.metrics()).toContain(
    'opennrm_database_up 1',
  );
  expect(Date.now() - started).toBeLessThan(2_800);
});
