import { ignore, refuse } from '@opennrm/runtime/decision';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { context, ledgerDatabase, ledgers, post } from './unit-of-work.fixture.ts';

const spec = ledgerDatabase();

const step = fc.record({
  ledger: fc.nat(2),
  what: fc.constantFrom('post', 'post', 'post', 'refuse', 'ignore', 'fail', 'read', 'flush'),
  by: fc.integer({ min: -9, max: 9 }),
  due: fc.option(fc.nat(9), { nil: undefined }),
  note: fc.option(fc.oneof(fc.jsonValue(), fc.array(fc.string())), { nil: undefined }),
});

it('random changes in one transaction store the same as each in a transaction of its own: rows, journal, outbox, timers, stream numbers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const apart = await spec.begin(3);
      for (const one of steps)
        await spec.database
          .transaction((tx) => take(tx, apart[one.ledger] ?? '', one))
          .catch(expectFailure);
      const together = await spec.begin(3);
      await spec.database.transaction(async (tx) => {
        for (const one of steps)
          await tx.savepoint(() => take(tx, together[one.ledger] ?? '', one)).catch(expectFailure);
      });
      const flat = await spec.begin(3);
      const kept = steps.filter(({ what }) => what !== 'fail');
      await spec.database.transaction(async (tx) => {
        for (const one of kept) await take(tx, flat[one.ledger] ?? '', one);
      });
      const expected = await spec.stored(apart);
      expect(await spec.stored(together)).toEqual(expected);
      expect(await spec.stored(flat)).toEqual(expected);
    }),
  );
});

class Failed extends Error {}

function expectFailure(error: unknown): void {
  if (!(error instanceof Failed)) throw error;
}

async function take(
  tx: Parameters<typeof post>[0],
  id: string,
  { what, by, due, note }: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
): Promise<void> {
  const more = { ...(due !== undefined && { due }), ...(note != null && { note }) };
  switch (what) {
    case 'post':
      await post(tx, id, by, more);
      return;
    case 'refuse':
      await ledgers.change(tx, id, context, () => refuse('no'));
      return;
    case 'ignore':
      await ledgers.change(tx, id, context, () => ignore('no'));
      return;
    case 'fail':
      await post(tx, id, by, more);
      throw new Failed();
    case 'read':
      await ledgers.find(tx, id);
      return;
    case 'flush':
      await tx.query('SELECT count(*) FROM journal WHERE false');
  }
}
