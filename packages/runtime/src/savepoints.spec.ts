import { expect, it } from 'vitest';
import { BOX, insert, SHELF, shelves } from './unit-of-work.fixture.ts';
import type { Transaction } from './unit-of-work.ts';

const spec = shelves();
const one = { id: 1, title: 'one' };
const two = { id: 2, title: 'two' };
const three = { id: 3, title: 'three' };

const failWith = (message: string): never => {
  throw new Error(message);
};
const ignoreFailure = (part: Promise<unknown>): Promise<unknown> => part.catch(() => undefined);
const notAllowed = (tx: Transaction): Promise<unknown> =>
  insert(tx, 'box', { id: -1, title: 'not allowed' });

it('a savepoint whose part fails undoes its statements, its pending rows and its memory, and nothing before it', async () => {
  await spec.database.transaction(async (tx) => {
    await insert(tx, 'shelf', one);
    tx.write(BOX, one);
    tx.memory.set('before', 'kept');
    tx.memory.set('changed', 'first');
    const part = tx.savepoint(async () => {
      await insert(tx, 'shelf', two);
      tx.write(BOX, two);
      tx.memory.set('since', 'undone').set('changed', 'second').delete('before');
      failWith('undo');
    });
    await expect(part).rejects.toThrow('undo');
    expect(Object.fromEntries(tx.memory)).toEqual({ before: 'kept', changed: 'first' });
    await insert(tx, 'shelf', three);
    tx.write(BOX, three);
  });
  expect(await spec.titles('shelf')).toEqual(['one', 'three']);
  expect(await spec.titles('box')).toEqual(['one', 'three']);
});

it('a savepoint is undone when `keeps` returns false for its result, which is returned', async () => {
  const result = await spec.database.transaction((tx) =>
    tx.savepoint(
      async () => {
        await insert(tx, 'shelf', one);
        tx.write(BOX, one);
        tx.memory.set('since', 'undone');
        return 'unreadable';
      },
      () => false,
    ),
  );
  expect(result).toBe('unreadable');
  expect([await spec.titles('shelf'), await spec.titles('box')]).toEqual([[], []]);
});

it('an inner savepoint is undone alone, and an outer one with what its inner ones kept', async () => {
  await spec.database.transaction(async (tx) => {
    await tx.savepoint(async () => {
      tx.write(SHELF, one);
      await ignoreFailure(
        tx.savepoint(async () => {
          tx.write(SHELF, two);
          await notAllowed(tx);
        }),
      );
    });
    const outer = tx.savepoint(async () => {
      await tx.savepoint(async () => {
        tx.write(BOX, one);
        tx.memory.set('inner', 'kept');
      });
      failWith('outer');
    });
    await expect(outer).rejects.toThrow('outer');
    expect(tx.memory.size).toBe(0);
  });
  expect([await spec.titles('shelf'), await spec.titles('box')]).toEqual([['one'], []]);
});

it('savepoints of which no statement was ever sent are undone without one', async () => {
  await spec.database.transaction(async (tx) => {
    tx.write(SHELF, one);
    await ignoreFailure(
      tx.savepoint(async () => {
        tx.write(SHELF, { id: 1, title: 'undone' });
        await ignoreFailure(tx.savepoint(async () => failWith('inner')));
        tx.memory.set('since', 'undone');
        failWith('outer');
      }),
    );
    expect([spec.sent, tx.memory.size]).toEqual([[], 0]);
  });
  expect(await spec.titles('shelf')).toEqual(['one']);
});

it('a savepoint after a failed statement inside it lets the transaction continue', async () => {
  await spec.database.transaction(async (tx) => {
    await insert(tx, 'shelf', one);
    await expect(tx.savepoint(() => notAllowed(tx))).rejects.toMatchObject({ code: '23514' });
    await insert(tx, 'shelf', two);
  });
  expect(await spec.titles('shelf')).toEqual(['one', 'two']);
});

it('a savepoint reports a pending row that cannot be written while it can be undone', async () => {
  await spec.database.transaction(async (tx) => {
    tx.write(SHELF, one);
    const part = tx.savepoint(async () => tx.write(BOX, { id: -1, title: 'not allowed' }));
    await expect(part).rejects.toMatchObject({ code: '23514', table: 'box' });
  });
  expect([await spec.titles('shelf'), await spec.titles('box')]).toEqual([['one'], []]);
});

it('a part that ends with the transaction leaves its rows pending, and a fault of them fails the whole transaction', async () => {
  await spec.database.transaction(async (tx) => {
    await tx.savepoint(async () => tx.write(BOX, one), undefined, 'with-transaction');
    expect(spec.sent).toEqual([]);
    const undone = () =>
      tx.savepoint(
        async () => tx.write(BOX, two),
        () => false,
        'with-transaction',
      );
    await undone();
    tx.write(SHELF, three);
  });
  expect([await spec.titles('box'), await spec.titles('shelf')]).toEqual([['one'], ['three']]);
  const failing = spec.database.transaction(async (tx) => {
    await insert(tx, 'shelf', two);
    const notAllowed = async () => tx.write(BOX, { id: -1, title: 'not allowed' });
    await tx.savepoint(notAllowed, undefined, 'with-transaction');
  });
  await expect(failing).rejects.toMatchObject({ code: '23514', table: 'box' });
  expect(await spec.titles('shelf')).toEqual(['three']);
});

it('a part that ends with the transaction is undone with the savepoint around it', async () => {
  await spec.database.transaction(async (tx) => {
    const outer = tx.savepoint(async () => {
      await tx.savepoint(() => insert(tx, 'shelf', one), undefined, 'with-transaction');
      failWith('undo');
    });
    await expect(outer).rejects.toThrow('undo');
    await insert(tx, 'shelf', two);
  });
  expect(await spec.titles('shelf')).toEqual(['two']);
});

it('a savepoint reports a failed statement that its part ignored', async () => {
  await spec.database.transaction(async (tx) => {
    tx.write(SHELF, one);
    const part = tx.savepoint(() => ignoreFailure(notAllowed(tx)));
    await expect(part).rejects.toMatchObject({ code: '23514' });
  });
  expect(await spec.titles('shelf')).toEqual(['one']);
});

it('a row from before a savepoint that cannot be written is reported as its own error, not as a missing savepoint', async () => {
  const failing = spec.database.transaction(async (tx) => {
    tx.write(BOX, { id: -1, title: 'not allowed' });
    await tx.savepoint(() => insert(tx, 'shelf', one));
  });
  await expect(failing).rejects.toMatchObject({ code: '23514', table: 'box' });
});

it('savepoints that run at the same time and end in the wrong order fail the transaction, because each would undo some of the other', async () => {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const overlapping = spec.database.transaction(async (tx) => {
    const first = tx.savepoint(async () => {
      await insert(tx, 'shelf', one);
      await begun.promise;
    });
    const second = tx.savepoint(async () => {
      begun.resolve();
      await ended.promise;
      failWith('undo');
    });
    await ignoreFailure(first);
    ended.resolve();
    await ignoreFailure(second);
  });
  await expect(overlapping).rejects.toMatchObject({ name: 'TransactionEnded' });
  expect(await spec.titles('shelf')).toEqual([]);
});

it('a row that was locked in an undone savepoint is free for other transactions', async () => {
  await insert(spec.database as unknown as Transaction, 'shelf', one);
  const lock = `SELECT title FROM shelf WHERE id = 1 FOR UPDATE`;
  await spec.database.transaction(async (tx) => {
    await ignoreFailure(
      tx.savepoint(async () => {
        await tx.query(lock);
        failWith('undo');
      }),
    );
    await spec.database.query(`UPDATE shelf SET title = 'changed by others' WHERE id = 1`);
    expect((await tx.query(lock)).rows).toEqual([{ title: 'changed by others' }]);
  });
});
