import { randomUUID } from 'node:crypto';
import { asAdmin } from '@opennrm/infra/local';
import { ignore } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { context, ledgerDatabase, ledgers, post, posted } from './unit-of-work.fixture.ts';

const spec = ledgerDatabase();
const countOf = (name: string): number => spec.sent.filter((one) => one === name).length;

it('two changes of one row in a transaction: the second decides on the result of the first, and the row is written once', async () => {
  const [id = ''] = await spec.begin(1);
  const seen: number[] = [];
  await spec.database.transaction(async (tx) => {
    for (const due of [10, 20])
      await ledgers.change(tx, id, context, ({ total }) => {
        seen.push(total);
        return posted(id, 1, { due });
      });
  });
  expect(seen).toEqual([0, 1]);
  expect([countOf('ledger-lock'), countOf('ledger-update'), countOf('journal-record')]).toEqual([
    1, 1, 1,
  ]);
  expect(await spec.stored([id])).toMatchObject({
    ledger: [{ version: 3, generation: 2, total: 2, due: 20 }],
    journal: [1, 1, 2, 2, 3, 3].map((version) => ({ version })),
    outbox: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }],
    timers: [
      { generation: 1, due: 10 },
      { generation: 2, due: 20 },
    ],
  });
});

it('an id that was created in the same transaction, or is created in another one, is refused as already-exists', async () => {
  const id = randomUUID();
  const create = () => ({ kind: 'refused', refusal: 'already-exists' });
  const created = Promise.withResolvers<void>();
  const first = spec.database.transaction(async (tx) => {
    await ledgers.create(tx, id, posted(id, 1), context);
    expect(await ledgers.create(tx, id, posted(id, 2), context)).toEqual(create());
    created.resolve();
    await post(tx, id, 5);
  });
  await created.promise;
  const second = spec.database.transaction((tx) => ledgers.create(tx, id, posted(id, 3), context));
  await first;
  expect(await second).toEqual(create());
  expect(await ledgers.find(spec.database, id)).toMatchObject({ total: 6 });
});

it('a row that was locked in an undone savepoint is locked and read anew', async () => {
  const [id = ''] = await spec.begin(1);
  await spec.database.transaction(async (tx) => {
    await tx
      .savepoint(async () => {
        await post(tx, id, 100);
        throw new Error('undo');
      })
      .catch(() => undefined);
    await spec.database.transaction((other) => post(other, id, 1));
    await post(tx, id, 1);
  });
  expect(await spec.stored([id])).toMatchObject({ ledger: [{ version: 3, total: 2 }] });
});

it('a row that was locked before an undone savepoint keeps the state from before it', async () => {
  const [id = ''] = await spec.begin(1);
  await spec.database.transaction(async (tx) => {
    await post(tx, id, 1);
    await tx.savepoint(
      () => post(tx, id, 100),
      () => false,
    );
    await post(tx, id, 1);
  });
  expect(await spec.stored([id])).toMatchObject({ ledger: [{ version: 3, total: 2 }] });
  expect(countOf('ledger-lock')).toBe(1);
});

it('a read without a lock sees the changes of the transaction', async () => {
  const [id = ''] = await spec.begin(1);
  await spec.database.transaction(async (tx) => {
    await post(tx, id, 3);
    expect(await ledgers.find(tx, id)).toMatchObject({ total: 3 });
  });
});

it('rows that are locked together cost one statement, and another order of their ids locks them in the same order', async () => {
  const ids = await spec.begin(5);
  const work = (order: readonly string[]) =>
    spec.database.transaction(async (tx) => {
      await ledgers.lockAll(tx, order);
      for (const id of order) await post(tx, id, 1);
    });
  await Promise.all([work(ids), work(ids.toReversed()), work(ids.toSorted(() => -1))]);
  expect(countOf('ledger-lock-all') + countOf('ledger-lock')).toBe(3);
  expect(countOf('ledger-update')).toBe(3);
});

it('changes of one row at the same moment in one transaction all count, or the transaction fails', async () => {
  const [id = '', other = ''] = await spec.begin(2);
  let expected = 0;
  for (let nth = 0; nth < 20; nth++) {
    const together = spec.database.transaction((tx) =>
      Promise.all([post(tx, id, 1), post(tx, id, 1), ledgers.lockAll(tx, [id, other])]),
    );
    const failure: unknown = await together.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) expected += 2;
    else expect(failure).toMatchObject({ name: 'ChangedMeanwhile' });
    expect(await ledgers.find(spec.database, id)).toMatchObject({ total: expected });
  }
});

it('a decision that changes its own aggregate fails instead of losing that change', async () => {
  const [id = ''] = await spec.begin(1);
  const nested = spec.database.transaction((tx) =>
    ledgers.change(tx, id, context, async () => {
      await post(tx, id, 1);
      return posted(id, 1);
    }),
  );
  await expect(nested).rejects.toMatchObject({ name: 'ChangedMeanwhile' });
});

it.each<[string, unknown]>([
  ['text with quotes, braces, backslashes and line ends', '{"a": ["\\u00e9", \'x\']}\\ \n\t,NULL'],
  ['the word NULL', 'NULL'],
  ['characters outside the basic plane', '😀 \u200b \ufeff'],
  ['text of two million characters', 'x"\\'.repeat(700_000)],
  ['an empty text', ''],
  ['an empty array', []],
  ['an array with odd texts', ['', 'NULL', 'a,b', '{}', '"', '\\']],
  ['an instant', new Date(Date.UTC(2026, 0, 1, 23, 59, 59, 999))],
  ['fields without a value', { known: undefined, nothing: null, list: [null], inner: {} }],
  ['numbers at the limits', [1e21, 1e-7, -0, 2 ** 53, 0.1, Number.MAX_VALUE]],
])(
  'an updated row is stored as a created one, and a later decision reads the same: %s',
  async (_what, note) => {
    const [created = '', updated = ''] = [randomUUID(), randomUUID()].sort();
    const read: unknown[] = [];
    await spec.database.transaction(async (tx) => {
      await ledgers.create(tx, created, posted(created, 1, { note }), context);
      await ledgers.create(tx, updated, posted(updated, 0), context);
      await post(tx, updated, 1, { note });
      await ledgers.change(tx, updated, context, (state) => {
        read.push(state.note);
        return ignore('read');
      });
    });
    read.push((await ledgers.find(spec.database, updated))?.note);
    expect(read[0]).toEqual(read[1]);
    const [one, other] = (
      (await spec.stored([created, updated])) as { ledger: object[] }
    ).ledger.map((row) =>
      JSON.stringify({ ...row, version: 0 }).replaceAll(/ledger \d/g, 'ledger'),
    );
    expect(other).toBe(one);
  },
);

it.each<[string, object]>([
  ['a NUL character in the state', { note: { text: 'a\u0000b' } }],
  ['half of a surrogate pair', { note: { text: '\ud800' } }],
  ['a number that the column cannot hold', { due: 1.5 }],
])(
  'a value that the database refuses fails the transaction as a fault of the work: %s',
  async (_what, more) => {
    const [id = ''] = await spec.begin(1);
    const failing = spec.database.transaction((tx) => post(tx, id, 1, more));
    await expect(failing).rejects.toMatchObject({ code: expect.stringMatching(/^22/) });
    expect(await spec.stored([id])).toMatchObject({ ledger: [{ version: 1 }] });
  },
);

it('rows are updated on a connection that prepared the statement before a migration added a column', async () => {
  const [id = ''] = await spec.begin(1);
  const twenty = () =>
    Promise.all(
      Array.from({ length: 20 }, () => spec.database.transaction((tx) => post(tx, id, 1))),
    );
  await twenty();
  await asAdmin(spec.ownerUrl, (owner) =>
    owner.query(`ALTER TABLE ledger ADD COLUMN later text DEFAULT 'kept', ADD COLUMN latest int`),
  );
  await twenty();
  const { rows } = await spec.database.query('SELECT total, later FROM ledger WHERE id = $1', [id]);
  expect(rows).toEqual([{ total: 40, later: 'kept' }]);
});
