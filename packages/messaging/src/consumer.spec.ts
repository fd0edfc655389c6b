import { createLog, type Database, type WriteSet } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { manualClock, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startConsumer } from './consumer.ts';
import type { Consuming, Kafka, Received } from './kafka/port.ts';
import { LETTERS_TABLE, reader, receivedLetter, storeLetter } from './letters.fixture.ts';
import { CannotApply, type Subscription } from './subscription.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const ownerSql = `${LETTERS_TABLE}; GRANT ALL ON letters TO messaging_service`;
  ({ database, drop } = await testDatabase('messaging', { ownerSql }));
});
afterAll(() => drop());
beforeEach(async () => {
  for (const table of ['letters', 'inbox', 'quarantine', 'parked'])
    await database.query(`DELETE FROM ${table}`);
});

const handedTo = (
  subscription: Subscription,
  slice: readonly Received[],
  on: Database = database,
): Promise<{ beats: number }> => handedAtOnce(subscription, [slice], on);

/** Hands slices to the consumer at the same moment in place of the Kafka client. The client itself is tested in `kafka/kafka.spec.ts`. */
async function handedAtOnce(
  subscription: Subscription,
  slices: readonly (readonly Received[])[],
  on: Database = database,
): Promise<{ beats: number }> {
  let consuming: Consuming | undefined;
  const kafka: Kafka = {
    send: async () => undefined,
    sendSeparately: async () => undefined,
    close: async () => undefined,
    lag: async () => [],
    consume: async (asked) => {
      consuming = asked;
      return { stop: async () => undefined };
    },
  };
  const fatal = (reason: string): never => {
    throw new Error(reason);
  };
  const log = createLog('spec', 'silent');
  await startConsumer({
    kafka,
    database: on,
    group: 'spec',
    subscriptions: [subscription],
    clock: manualClock(instant(1)),
    log,
    fatal,
  });
  let beats = 0;
  const beat = async (): Promise<void> => void beats++;
  await Promise.all(slices.map((slice) => consuming?.handle(slice, beat)));
  return { beats };
}

const written = (key: string, sequence: number): Received =>
  receivedLetter({ key, sequence }, { $case: 'written', value: String(sequence) });

async function lettersOf(key: string): Promise<string> {
  const { rows } = await database.query<{ words: string }>(
    'SELECT words FROM letters WHERE key = $1',
    [key],
  );
  return rows[0]?.words ?? '';
}

const reasons = async (): Promise<string[]> =>
  (
    await database.query<{ reason: string }>('SELECT reason FROM parked ORDER BY sequence')
  ).rows.map((row) => row.reason);

it('the consumer repeats a failed slice message by message, parks a message that fails five times and applies the others', async () => {
  let tries = 0;
  const failing = reader(async (tx, key, letter) => {
    if (key === 'b') tries++;
    if (key === 'b') await tx.query('SELECT 1 / 0');
    await storeLetter(tx, key, letter);
  });
  const { beats } = await handedTo(failing, [
    written('a', 1),
    written('b', 1),
    written('b', 2),
    written('a', 2),
    written('c', 1),
  ]);
  expect([await lettersOf('a'), await lettersOf('b'), await lettersOf('c')]).toEqual([
    '12',
    '',
    '1',
  ]);
  expect(await reasons()).toEqual(['handler-failed', 'gap-waiting']);
  expect(tries).toBe(6); // once in the slice, five times alone
  expect(beats).toBeGreaterThanOrEqual(4);
});

it('the consumer repeats a slice whose pending rows cannot be written message by message, and parks only the message of the faulty row', async () => {
  const set: WriteSet<{ key: string; words: string | null }> = {
    name: 'letters-write',
    text: 'INSERT INTO letters (key, words) SELECT * FROM unnest($1::text[], $2::text[])',
    values: (rows) => [rows.map(({ key }) => key), rows.map(({ words }) => words)],
  };
  const pending = reader(async (tx, key, letter) =>
    tx.write(set, { key, words: key === 'b' ? null : letter }),
  );
  await handedTo(pending, [written('a', 1), written('b', 1), written('c', 1)]);
  expect([await lettersOf('a'), await lettersOf('b'), await lettersOf('c')]).toEqual([
    '1',
    '',
    '1',
  ]);
  expect(await reasons()).toEqual(['handler-failed']);
});

it('slices of several partitions that wait for a transaction share the next one, and when it fails only the faulty message is parked', async () => {
  const transactions: string[][] = [];
  const observed: Database = {
    ...database,
    transaction: (work) => {
      transactions.push([]);
      return database.transaction(work);
    },
  };
  const failing = reader(async (tx, key, letter) => {
    transactions.at(-1)?.push(key);
    if (key === 'c') throw new CannotApply('no such thing');
    await storeLetter(tx, key, letter);
  });
  const slices = [[written('a', 1)], [written('b', 1), written('c', 1)], [written('d', 1)]];
  await handedAtOnce(failing, slices, observed);
  expect(transactions.slice(0, 2)).toEqual([['a'], ['b', 'c']]);
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(lettersOf))).toEqual(['1', '1', '', '1']);
  expect(await reasons()).toEqual(['handler-failed']);
  const later = [[written('a', 2)], [written('b', 2)], [written('d', 2)]];
  transactions.length = 0;
  await handedAtOnce(failing, later, observed);
  expect(transactions).toEqual([['a'], ['b', 'd']]);
});

it('the consumer parks a message at once when its handler throws CannotApply', async () => {
  let tries = 0;
  const never = reader(async () => {
    tries++;
    throw new CannotApply('no such thing');
  });
  await handedTo(never, [written('a', 1)]);
  expect([tries, await reasons()]).toEqual([2, ['handler-failed']]);
});

it.each([
  ['a deadlock', '40P01'],
  ['a short failure of name resolution', 'EAI_AGAIN'],
  ['a failover to a server that is still read-only', '25006'],
  ['a password that was rotated', '28P01'],
  ['an unknown error', 'SOMETHING_NEW'],
])(
  'the consumer retries while a transient fault lasts, and parks nothing: %s',
  async (_what, code) => {
    let tries = 0;
    const passing = reader(async (tx, key, letter) => {
      if (++tries <= 7) throw Object.assign(new Error('reported by the driver'), { code });
      await storeLetter(tx, key, letter);
    });
    await handedTo(passing, [written('a', 1)]);
    expect([await lettersOf('a'), await reasons()]).toEqual(['1', []]);
  },
);

it('the consumer parks a message after three tries when its statement takes too long each time', async () => {
  let tries = 0;
  const slow = reader(async (tx) => {
    tries++;
    await tx.query(`SET LOCAL statement_timeout = '30ms'`);
    await tx.query('SELECT pg_sleep(20)');
  });
  await handedTo(slow, [written('a', 1)]);
  expect([tries, await reasons()]).toEqual([4, ['handler-failed']]); // once in the slice, three times alone
});

it('the consumer sends heartbeats while a statement takes longer than the session timeout', async () => {
  const slow = reader(async (tx, key, letter) => {
    await tx.query('SELECT pg_sleep(5)');
    await storeLetter(tx, key, letter);
  });
  const { beats } = await handedTo(slow, [written('a', 1)]);
  expect(beats).toBeGreaterThanOrEqual(2);
});

it('a slice that is delivered again because its offset was not committed changes nothing', async () => {
  const slice = [written('a', 1), written('a', 2)];
  await handedTo(reader(), slice);
  await handedTo(reader(), slice);
  expect(await lettersOf('a')).toBe('12');
});

it('the consumer retries the parking of a message while a transient fault lasts', async () => {
  const never = reader(async () => {
    throw new CannotApply('no such thing');
  });
  let failed = 0;
  const failingOver: Database = {
    ...database,
    transaction: (work) =>
      database.transaction(async (tx) => {
        const query: typeof tx.query = async (statement, values) => {
          const isParking = typeof statement !== 'string' && statement.name === 'parked-add';
          if (isParking && ++failed <= 3)
            throw Object.assign(new Error('reported by the driver'), { code: '25006' });
          return tx.query(statement, values);
        };
        return work(Object.assign(Object.create(tx), { query }));
      }),
  };
  await handedTo(never, [written('a', 1), written('b', 1)], failingOver);
  expect(await reasons()).toEqual(['handler-failed', 'handler-failed']);
});
