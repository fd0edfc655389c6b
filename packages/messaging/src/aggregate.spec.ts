import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '@opennrm/runtime';
import {
  accept,
  type Decision,
  type Instant,
  ignore,
  instant,
  refuse,
} from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AggregateKind, aggregateStore } from './aggregate.ts';
import { outgoing } from './journal.ts';
import { letters } from './letters.fixture.ts';

interface Counter {
  readonly id: string;
  readonly count: number;
  readonly due: number | undefined;
}
type Counted = {
  readonly type: 'Counted';
  readonly id: string;
  readonly by: number;
  readonly due?: number;
};

const OWNER = '00000000-0000-4000-8000-000000000001';

const kind: AggregateKind<Counter, Counted> = {
  name: 'counter',
  evolve: (before, { id, by, due }) => ({
    id,
    count: (before?.count ?? 0) + by,
    due: due ?? before?.due,
  }),
  row: ({ count }) => (count % 2 === 0 ? { count, owner_org: OWNER } : { owner_org: OWNER, count }),
  messages: ({ by }, { id, count }) => [
    outgoing(letters, id, { $case: 'written', value: `${by}:${count}` }),
  ],
  nextDeadline: ({ due }) => (due === undefined ? undefined : { kind: 'due', due: instant(due) }),
};

const counters = aggregateStore(kind);
const context = { at: instant(1), author: { organisation: randomUUID(), role: 'system' } };

let database: Database;
let url: string;
let drop: () => Promise<void>;
beforeAll(async () => {
  const ownerSql = `CREATE TABLE counter (id uuid PRIMARY KEY, owner_org uuid, version int, generation int, state jsonb, count int);
    GRANT SELECT, INSERT, UPDATE ON counter TO messaging_service`;
  ({ database, url, drop } = await testDatabase('messaging', { ownerSql }));
});
afterAll(() => drop());

const counted = (id: string, due?: Instant): Decision<Counted> =>
  accept(due === undefined ? { type: 'Counted', id, by: 1 } : { type: 'Counted', id, by: 1, due });
const create = (id: string, decision = counted(id)) =>
  database.transaction((tx) => counters.create(tx, id, decision, context));
const add = (id: string, decide: (state: Counter) => Decision<Counted, string>) =>
  database.transaction((tx) => counters.change(tx, id, context, decide));

it('an aggregate writes state, journal and outbox together and numbers a stream 1, 2, 3 under any concurrency', async () => {
  const id = randomUUID();
  await create(id);
  await Promise.all(Array.from({ length: 30 }, () => add(id, () => counted(id))));
  expect(await counters.find(database, id)).toMatchObject({ count: 31 });
  const { rows } = await database.query<{ sequence: number }>(
    `SELECT j.sequence FROM journal j JOIN outbox o USING (position) WHERE j.aggregate_id = '${id}' ORDER BY j.position`,
  );
  expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 31 }, (_, nth) => nth + 1));
});

it('a column is stored by its name, in whatever order `row` lists the columns', async () => {
  const id = randomUUID();
  await create(id);
  const kept = async () =>
    (await database.query('SELECT owner_org, count FROM counter WHERE id = $1', [id])).rows;
  expect(await kept()).toEqual([{ owner_org: OWNER, count: 1 }]);
  await add(id, () => counted(id));
  expect(await kept()).toEqual([{ owner_org: OWNER, count: 2 }]);
});

it('a refusal, an ignored event or a failed transaction writes nothing', async () => {
  const id = randomUUID();
  await create(id);
  expect(await add(id, () => refuse('too-much'))).toEqual({ kind: 'refused', refusal: 'too-much' });
  expect(await add(id, () => ignore('seen'))).toMatchObject({ kind: 'ignored', reason: 'seen' });
  const failing = database.transaction(async (tx) => {
    await counters.change(tx, id, context, () => counted(id));
    throw new Error('later');
  });
  await expect(failing).rejects.toThrow('later');
  const { rows } = await database.query(
    'SELECT 1 FROM journal WHERE aggregate_id = $1 AND topic IS NULL',
    [id],
  );
  expect(rows).toHaveLength(1);
});

it('the store refuses to create an id that exists and to change an aggregate that does not exist', async () => {
  const id = randomUUID();
  await create(id);
  expect(await create(id)).toEqual({ kind: 'refused', refusal: 'already-exists' });
  expect(await add(randomUUID(), () => counted(id))).toEqual({ kind: 'unknown' });
});

it('the service role cannot change or delete a row of the journal', async () => {
  await create(randomUUID());
  await expect(database.query('UPDATE journal SET type = $1', ['x'])).rejects.toThrow(
    /permission denied/,
  );
  await expect(database.query('DELETE FROM journal')).rejects.toThrow(/permission denied/);
});

it('a change sets a new timer generation only when the earliest deadline changes', async () => {
  const id = randomUUID();
  await create(id, counted(id, instant(100)));
  await add(id, () => counted(id));
  await add(id, () => counted(id, instant(50)));
  const { rows } = await database.query(
    'SELECT generation, due FROM timers WHERE aggregate_id = $1 ORDER BY generation',
    [id],
  );
  expect(rows).toEqual([
    { generation: 1, due: 100 },
    { generation: 2, due: 50 },
  ]);
});

it('rows that are locked together are locked in the order of their ids, and read once for all changes that follow', async () => {
  const ids = [randomUUID(), randomUUID()].sort();
  for (const id of ids) await create(id);
  const [low = '', high = ''] = ids;
  const statements: string[] = [];
  const watched = openDatabase(url, {
    name: 'spec',
    watch: ({ name }) => void statements.push(name),
  });
  const both = (on: Database, ...order: string[]) =>
    on.transaction(async (tx) => {
      await counters.lockAll(tx, order);
      for (const id of order) await counters.change(tx, id, context, () => counted(id));
    });
  // A wrong order would be a deadlock in some of the rounds.
  for (let round = 0; round < 20; round++)
    await Promise.all([both(database, low, high), both(database, high, low)]);
  await both(watched, high, low);
  await watched.close();
  for (const id of ids) expect(await counters.find(database, id)).toMatchObject({ count: 42 });
  expect(statements).toEqual(['counter-lock-all', 'counter-update', 'journal-record']);
});

it('rows that a statement selects are locked in the order of their ids, and are as this transaction has changed them', async () => {
  const ids = [randomUUID(), randomUUID()].sort();
  for (const id of ids) await create(id);
  const [low = '', high = ''] = ids;
  const selection = {
    name: 'counters-selected',
    text: 'SELECT id FROM counter WHERE id = ANY ($1::uuid[])',
    values: [[high, low]],
  };
  const locked = await database.transaction(async (tx) => {
    await counters.change(tx, high, context, () => counted(high));
    return counters.lockSelected(tx, selection);
  });
  expect(locked.map(({ id, state }) => [id, state.count])).toEqual([
    [low, 1],
    [high, 2],
  ]);
});
