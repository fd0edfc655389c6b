import { expect, it } from 'vitest';
import { BOX, insert, LABEL, SHELF, shelves } from './unit-of-work.fixture.ts';
import type { Transaction, WriteSet } from './unit-of-work.ts';
import { TransactionEnded } from './unit-of-work.ts';

const spec = shelves();
const one = { id: 1, title: 'one' };
const two = { id: 2, title: 'two' };

it.each([
  ['a SELECT', 'SELECT title FROM shelf', 1],
  ['a CTE', 'WITH all_of AS (SELECT title FROM shelf) SELECT * FROM all_of', 1],
  ['a JOIN', 'SELECT s.title FROM label l RIGHT JOIN shelf s ON s.id = l.id', 1],
  ['a sub-select', 'SELECT 1 WHERE EXISTS (SELECT 1 FROM shelf WHERE id = 1)', 1],
  ['a DELETE', 'DELETE FROM shelf WHERE id = 1', 1],
  ['an UPDATE', `UPDATE shelf SET title = 'changed' WHERE id = 1`, 1],
  ['an INSERT … SELECT', 'INSERT INTO box (id, title) SELECT id, title FROM shelf', 1],
  ['a SELECT in lower case over several lines', 'select title\nfrom\n  shelf', 1],
])('a statement sees the pending rows of a table that it names: %s', async (_what, text, found) => {
  await spec.database.transaction(async (tx) => {
    tx.write(SHELF, one);
    expect((await tx.query({ name: `reads ${text}`.slice(0, 60), text })).rowCount).toBe(found);
  });
  expect(spec.sent[0]).toBe('shelf-write');
});

it('a set that reads another pending set is written after it', async () => {
  const copies: WriteSet<number> = {
    name: 'box-from-shelf',
    text: 'INSERT INTO box (id, title) SELECT id, title FROM shelf WHERE id = ANY ($1::int[])',
    values: (ids) => [ids],
  };
  await spec.database.transaction((tx) => {
    tx.write(SHELF, one);
    tx.write(copies, 1);
  });
  expect(await spec.titles('box')).toEqual(['one']);
});

it.each([
  ['reads', 'SELECT title FROM label'],
  ['changes', `UPDATE label SET title = 'changed'`],
])('a statement that %s only other tables leaves the pending rows pending', async (what, text) => {
  await spec.database.transaction(async (tx) => {
    tx.write(SHELF, one);
    await tx.query({ name: `other-${what}`, text });
    tx.write(SHELF, two);
  });
  expect(spec.sent).toEqual([`other-${what}`, 'shelf-write']);
  expect(await spec.titles('shelf')).toEqual(['one', 'two']);
});

it('the rows of a set are written by one statement, of each key the last, in the order in which they were last given', async () => {
  await spec.database.transaction((tx) => {
    tx.write(SHELF, { id: 1, title: 'earlier' });
    tx.write(SHELF, two);
    tx.write(SHELF, { id: 3, title: 'three' });
    tx.write(SHELF, one);
  });
  expect(spec.sent).toEqual(['shelf-write']);
  expect(await spec.titles('shelf')).toEqual(['two', 'three', 'one']);
});

it('a set without a key writes every row in its order', async () => {
  const all: WriteSet<number> = {
    name: 'shelf-all',
    text: `INSERT INTO shelf (id, title) SELECT nth, value::text FROM unnest($1::int[]) WITH ORDINALITY AS n (value, nth) ORDER BY nth`,
    values: (rows) => [rows],
  };
  await spec.database.transaction((tx) => {
    for (const row of [5, 5, 4]) tx.write(all, row);
  });
  expect(await spec.titles('shelf')).toEqual(['5', '5', '4']);
});

it('the sets of a transaction are written in the order in which each was first used', async () => {
  await spec.database.transaction((tx) => {
    tx.write(BOX, one);
    tx.write(LABEL, one);
    tx.write(SHELF, one);
    tx.write(BOX, two);
  });
  expect(spec.sent).toEqual(['box-write', 'label-write', 'shelf-write']);
});

it('a pending row that cannot be written fails the transaction with its own error, and nothing is stored', async () => {
  const failing = spec.database.transaction(async (tx) => {
    await insert(tx, 'box', one);
    tx.write(SHELF, { id: -1, title: 'not allowed' });
    tx.write(LABEL, one);
  });
  await expect(failing).rejects.toMatchObject({ code: '23514', table: 'shelf' });
  expect([await spec.titles('box'), await spec.titles('label')]).toEqual([[], []]);
});

it('rows whose values cannot be computed fail the transaction, even if the program continues', async () => {
  const broken: WriteSet<number> = {
    name: 'shelf-broken',
    text: 'INSERT INTO shelf (id) SELECT * FROM unnest($1::int[])',
    values: () => {
      throw new RangeError('no values');
    },
  };
  const continuing = spec.database.transaction(async (tx) => {
    tx.write(BOX, one);
    tx.write(broken, 1);
    await tx.query('SELECT title FROM shelf').catch(() => undefined);
  });
  await expect(continuing).rejects.toThrow('no values');
  expect(await spec.titles('box')).toEqual([]);
});

it('statements that are sent at the same moment run in the order of their calls, also when they are the first', async () => {
  const counted = await spec.database.transaction(async (tx) => {
    const [, , read] = await Promise.all([
      insert(tx, 'shelf', one),
      insert(tx, 'shelf', two),
      tx.query<{ count: number }>('SELECT count(*)::int AS count FROM shelf'),
    ]);
    return read.rows[0]?.count;
  });
  expect(counted).toBe(2);
});

it('a statement whose answer nobody awaits is part of the transaction', async () => {
  await spec.database.transaction((tx) => {
    void insert(tx, 'shelf', one);
  });
  expect(await spec.titles('shelf')).toEqual(['one']);
});

it('work that continues after its transaction failed writes nothing', async () => {
  let transaction: Transaction | undefined;
  const failed = Promise.withResolvers<void>();
  let later: Promise<unknown> | undefined;
  const failing = spec.database.transaction(async (tx) => {
    transaction = tx;
    later = failed.promise.then(() => insert(tx, 'shelf', one));
    await Promise.all([later, insert(tx, 'box', { id: -1, title: 'not allowed' })]);
  });
  await expect(failing).rejects.toMatchObject({ code: '23514' });
  failed.resolve();
  await expect(later).rejects.toThrow(TransactionEnded);
  expect(() => transaction?.write(SHELF, one)).toThrow(TransactionEnded);
  expect(await spec.titles('shelf')).toEqual([]);
});

it('a statement that waits for BEGIN is not sent after the transaction failed', async () => {
  let waiting: Promise<unknown> | undefined;
  const failing = spec.database.transaction((tx) => {
    waiting = expect(insert(tx, 'shelf', one)).rejects.toThrow(TransactionEnded);
    throw new Error('at once');
  });
  await expect(failing).rejects.toThrow('at once');
  await waiting;
  expect(await spec.titles('shelf')).toEqual([]);
});
