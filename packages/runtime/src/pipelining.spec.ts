import { Socket } from 'node:net';
import { tcpProxy } from '@opennrm/testkit';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { faultOf } from './fault.ts';
import { type Database, openDatabase } from './postgres.ts';
import { BOX, insert, SHELF, shelves } from './unit-of-work.fixture.ts';
import type { Transaction, WriteSet } from './unit-of-work.ts';

const spec = shelves();
const one = { id: 1, title: 'one' };
const two = { id: 2, title: 'two' };
const notAllowed = { id: -1, title: 'not allowed' };

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);
process.on('unhandledRejection', onUnhandled);
afterEach(() => expect(unhandled).toEqual([]));
afterAll(() => void process.off('unhandledRejection', onUnhandled));

/** Runs `work` on a database with one connection through a proxy that can cut it. */
async function throughProxy(
  work: (database: Database, proxy: Awaited<ReturnType<typeof tcpProxy>>) => Promise<void>,
): Promise<void> {
  const url = new URL(spec.test.url);
  const proxy = await tcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
  [url.hostname, url.port] = ['127.0.0.1', String(proxy.port)];
  const database = openDatabase(url.href, { name: 'spec', size: 1 });
  try {
    await work(database, proxy);
  } finally {
    await proxy.close();
    await database.close();
  }
}

/** Counts the writes to a socket while `work` runs, and the bytes of each. */
async function writesDuring(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(Socket.prototype as unknown as { _writeGeneric(): void }, '_writeGeneric');
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

it('a COMMIT after a failed statement is an error: the first one, whatever failed after it', async () => {
  const continuing = spec.database.transaction(async (tx) => {
    await Promise.allSettled([
      insert(tx, 'shelf', one),
      insert(tx, 'shelf', notAllowed),
      insert(tx, 'shelf', one),
      tx.query('THIS IS NO STATEMENT'),
    ]);
    tx.write(BOX, one);
  });
  await expect(continuing).rejects.toMatchObject({ code: '23514', table: 'shelf' });
  expect([await spec.titles('shelf'), await spec.titles('box')]).toEqual([[], []]);
});

it('a statement that fails in the middle of a batch leaves no rejection that nobody handles', async () => {
  const failing = spec.database.transaction(async (tx) => {
    tx.write(SHELF, one);
    tx.write(BOX, notAllowed);
    await Promise.all([
      tx.query('SELECT title FROM shelf'),
      tx.query('SELECT 1 / 0'),
      tx.savepoint(() => insert(tx, 'shelf', two)),
    ]);
  });
  await expect(failing).rejects.toMatchObject({ code: '23514', table: 'box' });
});

it.each(['before BEGIN', 'in the middle', 'before COMMIT'])(
  'a connection that is cut %s fails the transaction, and the pool continues',
  async (when) => {
    await throughProxy(async (database, proxy) => {
      await database.query('SELECT 1');
      const cut = database.transaction(async (tx) => {
        if (when === 'before BEGIN') proxy.cutConnections();
        const sent = [insert(tx, 'shelf', one), insert(tx, 'shelf', two)];
        if (when === 'in the middle') proxy.cutConnections();
        await Promise.all(sent);
        if (when === 'before COMMIT') proxy.cutConnections();
        tx.write(BOX, one);
      });
      expect(faultOf(await cut.catch((error: unknown) => error))).toBe('transient');
      expect(await spec.titles('shelf')).toEqual([]);
      const { rows } = await database.query<{ one: number }>('SELECT 1 AS one');
      expect(rows).toEqual([{ one: 1 }]);
    });
  },
);

it('a connection that is cut during COMMIT rejects, and the transaction is stored as a whole or not at all', async () => {
  await throughProxy(async (database, proxy) => {
    for (let id = 0; id < 20; id++) {
      const committing = database.transaction(async (tx) => {
        await insert(tx, 'shelf', { id, title: String(id) });
        tx.write(BOX, { id, title: String(id) });
        proxy.holdAnswers();
        // The batch with COMMIT is sent in this turn of the event loop or the next, and the cut comes before its answer.
        setImmediate(() => setImmediate(() => proxy.cutConnections()));
      });
      expect(faultOf(await committing.catch((error: unknown) => error))).toBe('transient');
      proxy.restore();
    }
    expect(await settledTitles('shelf')).toEqual(await settledTitles('box'));
  });
});

/** The titles once every transaction of the spec has ended on the server. */
async function settledTitles(table: 'shelf' | 'box'): Promise<string[]> {
  await spec.test.database.transaction(async (tx) => {
    await tx.query(`SELECT count(*) FROM shelf`);
    await tx.query('DELETE FROM label');
  });
  await vi.waitFor(async () => {
    const { rows } = await spec.test.database.query<{ running: number }>(
      `SELECT count(*)::int AS running FROM pg_locks WHERE mode = 'RowExclusiveLock' AND relation IN ('shelf'::regclass, 'box'::regclass)`,
    );
    expect(rows[0]?.running).toBe(0);
  });
  return spec.titles(table);
}

const circular: { self?: unknown } = {};
circular.self = circular;

it.each<[string, (tx: Transaction) => unknown]>([
  [
    'a second text of a name',
    (tx) => tx.query({ name: 'shelf-insert', text: 'SELECT 1' }).catch(() => undefined),
  ],
  [
    'a value that cannot be encoded',
    (tx) => tx.query({ name: 'odd', text: 'SELECT $1', values: [circular] }).catch(() => undefined),
  ],
  [
    'a set with the name of another statement',
    (tx) => tx.write({ ...BOX, name: 'shelf-insert' }, one),
  ],
  [
    'a set with a value that cannot be encoded',
    (tx) => tx.write({ ...BOX, values: () => [circular as unknown as string] }, one),
  ],
])(
  'a transaction is never committed without a statement that the driver refuses: %s',
  async (_what, refused) => {
    const committed = spec.database.transaction(async (tx) => {
      await insert(tx, 'shelf', one);
      await refused(tx);
    });
    await expect(committed).rejects.toMatchObject({ name: 'NotSendable' });
    expect(await spec.titles('shelf')).toEqual([]);
  },
);

it('a transaction is never committed without a set whose name the same connection has used for another statement outside a transaction', async () => {
  const database = openDatabase(spec.test.url, { name: 'spec', size: 1 });
  await database.query({ name: 'box-write', text: 'SELECT 1' });
  const committed = database.transaction(async (tx) => {
    await insert(tx, 'shelf', one);
    tx.write(BOX, one);
  });
  await expect(committed).rejects.toMatchObject({ name: 'NotSendable' });
  expect(await spec.titles('shelf')).toEqual([]);
  await database.close();
});

it('a savepoint undoes a statement that the driver refuses, and the transaction continues', async () => {
  await spec.database.transaction(async (tx) => {
    await insert(tx, 'shelf', one);
    const part = tx.savepoint(() =>
      tx.query({ name: 'odd', text: 'SELECT $1', values: [circular] }),
    );
    await expect(part).rejects.toMatchObject({ name: 'NotSendable' });
  });
  expect(await spec.titles('shelf')).toEqual(['one']);
});

it('a statement works again on the connection on which one of its values could not be encoded', async () => {
  const database = openDatabase(spec.test.url, { name: 'spec', size: 1 });
  const echo = (value: unknown) => ({
    name: 'echo',
    text: 'SELECT $1::text AS said',
    values: [value],
  });
  const odd = database.transaction((tx) => tx.query(echo(circular)));
  await expect(odd).rejects.toMatchObject({ name: 'NotSendable' });
  const { rows } = await database.transaction((tx) => tx.query<{ said: string }>(echo('again')));
  expect(rows).toEqual([{ said: 'again' }]);
  await database.close();
});

it('a transaction that does nothing sends nothing', async () => {
  await spec.database.query('SELECT 1');
  expect(await writesDuring(() => spec.database.transaction(() => 'nothing'))).toBe(0);
});

it('BEGIN goes out with a first statement that would do no harm alone, and by itself before any other', async () => {
  const writesOf = (first: (tx: Transaction) => Promise<unknown>) =>
    writesDuring(() => spec.database.transaction(first));
  const read = (tx: Transaction) => tx.query('SELECT title FROM shelf');
  await spec.database.transaction((tx) => insert(tx, 'shelf', two));
  expect(await writesOf(read)).toBe(2); // BEGIN and SELECT, COMMIT
  expect(await writesOf((tx) => insert(tx, 'shelf', one))).toBe(3); // BEGIN, INSERT, COMMIT
  expect(await writesOf((tx) => tx.savepoint(() => read(tx)))).toBe(2);
  const harmless = {
    name: 'box-touch',
    text: `UPDATE box SET title = title`,
    isHarmlessAlone: true,
  } as const;
  expect(await writesOf((tx) => tx.query(harmless))).toBe(2);
});

it('what is known at the same moment goes to the database in one write', async () => {
  const writes = await writesDuring(() =>
    spec.database.transaction(async (tx) => {
      await Promise.all([
        tx.query('SELECT title FROM shelf'),
        tx.query('SELECT title FROM box'),
        tx.query('SELECT title FROM label'),
      ]);
      tx.write(SHELF, one);
      tx.write(BOX, one);
    }),
  );
  expect(writes).toBe(2); // BEGIN and three reads; two sets and COMMIT
});

it('a set that is the only work of a transaction is written by it', async () => {
  const numbers: WriteSet<number> = {
    name: 'shelf-numbers',
    text: 'INSERT INTO shelf (id, title) SELECT n, n::text FROM unnest($1::int[]) AS n',
    values: (rows) => [rows],
  };
  await spec.database.transaction((tx) => tx.write(numbers, 7));
  expect(await spec.titles('shelf')).toEqual(['7']);
});
