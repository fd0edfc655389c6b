import { randomUUID } from 'node:crypto';
import { type Database, openDatabase, type Transaction } from '@opennrm/runtime';
import { accept, type Decision, instant } from '@opennrm/runtime/decision';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll } from 'vitest';
import { type AggregateKind, aggregateStore } from './aggregate.ts';
import { outgoing } from './journal.ts';
import { letters } from './letters.fixture.ts';

/** A made-up aggregate with a column of every type that a service uses beside its state. */
export interface Ledger {
  readonly id: string;
  readonly total: number;
  readonly due: number | undefined;
  readonly note: unknown;
}

export type Posted = {
  readonly type: 'Posted';
  readonly id: string;
  readonly by: number;
  readonly due?: number;
  readonly note?: unknown;
};

const OWNER = '00000000-0000-4000-8000-000000000001';

const kind: AggregateKind<Ledger, Posted> = {
  name: 'ledger',
  evolve: (before, { id, by, due, note }) => ({
    id,
    total: (before?.total ?? 0) + by,
    due: due ?? before?.due,
    note: note ?? before?.note,
  }),
  row: ({ id, total, due, note }) => ({
    owner_org: OWNER,
    total,
    due: due ?? null,
    said: typeof note === 'string' ? note : undefined,
    words: Array.isArray(note) && note.every((word) => typeof word === 'string') ? note : null,
    ids: total % 2 === 0 ? [] : [id, OWNER],
    at: note instanceof Date ? note : undefined,
  }),
  messages: ({ by }, { id, total }) => [
    outgoing(letters, id, { $case: 'written', value: `${by}:${total}` }),
  ],
  nextDeadline: ({ due }) => (due === undefined ? undefined : { kind: 'due', due: instant(due) }),
};

export const ledgers = aggregateStore(kind);
export const context = {
  at: instant(1),
  author: { organisation: OWNER, role: 'system' },
};

export const posted = (id: string, by: number, more: Partial<Posted> = {}): Decision<Posted> =>
  accept({ type: 'Posted', id, by, ...more });

export const post = (tx: Transaction, id: string, by: number, more: Partial<Posted> = {}) =>
  ledgers.change(tx, id, context, () => posted(id, by, more));

export interface LedgerDatabase {
  readonly database: Database;
  readonly ownerUrl: string;
  /** The names of the statements that were sent. */
  readonly sent: string[];
  /** Begins ledgers with nothing in them. */
  begin(count: number): Promise<string[]>;
  /** Everything that is stored of these ledgers, without their ids. */
  stored(ids: readonly string[]): Promise<unknown>;
}

/** A database with the table of the ledgers, whose statements are recorded. */
export function ledgerDatabase(): LedgerDatabase {
  const sent: string[] = [];
  let [ownerUrl, drop] = ['', async (): Promise<void> => undefined];
  let database: Database | undefined;
  const opened = (): Database => {
    if (database === undefined) throw new Error('the database is not open yet');
    return database;
  };
  beforeAll(async () => {
    const ownerSql = `CREATE TABLE ledger (id uuid PRIMARY KEY, owner_org uuid, version int, generation int, state jsonb, total bigint, due bigint,
        said text, words text[], ids uuid[], at timestamptz);
      GRANT SELECT, INSERT, UPDATE ON ledger TO messaging_service`;
    const test = await testDatabase('messaging', { ownerSql });
    ownerUrl = test.ownerUrl;
    database = openDatabase(test.url, { name: 'spec', watch: ({ name }) => sent.push(name) });
    drop = async () => {
      await database?.close();
      await test.drop();
    };
  });
  afterAll(() => drop());
  return {
    get database() {
      return opened();
    },
    get ownerUrl() {
      return ownerUrl;
    },
    sent,
    async begin(count) {
      const ids = Array.from({ length: count }, () => randomUUID()).sort();
      for (const id of ids)
        await opened().transaction((tx) => ledgers.create(tx, id, posted(id, 0), context));
      sent.length = 0;
      return ids;
    },
    stored: (ids) => storedOf(opened(), ids),
  };
}

const TABLES = {
  ledger:
    'SELECT version, generation, state, total, due, said, words, ids, at FROM ledger WHERE id = ANY ($1::uuid[]) ORDER BY id',
  journal: `SELECT aggregate_id, version, type, data, topic, key, sequence, epoch, convert_from(value, 'UTF8') AS value
            FROM journal WHERE aggregate_id = ANY ($1::uuid[]) ORDER BY position`,
  outbox: `SELECT o.aggregate_id, o.to_topic, j.sequence FROM outbox o JOIN journal j USING (position)
           WHERE o.aggregate_id = ANY ($1::uuid[]) ORDER BY position`,
  timers:
    'SELECT aggregate_id, generation, kind, due FROM timers WHERE aggregate_id = ANY ($1::uuid[]) ORDER BY aggregate_id, generation',
  streams: 'SELECT key, last FROM stream_numbers WHERE key = ANY ($1::text[]) ORDER BY key',
};

async function storedOf(database: Database, ids: readonly string[]): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for (const [table, text] of Object.entries(TABLES))
    found[table] = (await database.query(text, [ids])).rows;
  const named = ids.reduce(
    (text, id, nth) => text.replaceAll(id, `ledger ${nth}`),
    JSON.stringify(found),
  );
  return JSON.parse(named);
}
