import pg from 'pg';
import { DatabaseUnreachable } from './fault.ts';

// bigint columns here are sequence numbers and instants, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A statement with a name is prepared once per connection (about twice the reads per second of an unnamed one). */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What runs statements. */
export interface Queries {
  query<Row extends pg.QueryResultRow>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

/** A connection of its own. Once it has not answered in time it is closed, and each later statement fails. */
export interface Connection extends Queries {
  end(): Promise<void>;
}

/**
 * A database that swallows answers (a failover without a farewell, a firewall that forgot) sends no error: without limits on this side a statement
 * waits for ever. The server ends a slow statement before this side gives the connection up, so that its fault has a name; and it ends a wait for a
 * lock before that, because whoever holds the lock is at fault then, and not the work that waits.
 */
export const connectionLimits = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  query_timeout: 35_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/** A migration, or a copy of a database, may take its time, but not for ever. */
export const longLimits = {
  ...connectionLimits,
  lock_timeout: 600_000,
  statement_timeout: 600_000,
  query_timeout: 605_000,
};

const END_WITHIN_MS = 2_000;

/** @throws DatabaseUnreachable or an error with a code, never the driver's words about hosts. */
export async function openConnection(config: pg.ClientConfig): Promise<Connection> {
  const client = new pg.Client({ ...connectionLimits, ...config });
  client.on('error', () => undefined); // the next statement reports it
  await withKnownErrors(client.connect());
  return {
    async query(statement, values) {
      try {
        return await runStatement(client, statement, values);
      } catch (error) {
        // The statement that is still under way makes the driver close the socket at once.
        if (error instanceof DatabaseUnreachable) void client.end().catch(() => undefined);
        throw error;
      }
    },
    async end() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, END_WITHIN_MS).unref());
      await Promise.race([client.end().catch(() => undefined), late]);
    },
  };
}

export const runStatement = <Row extends pg.QueryResultRow>(
  on: pg.Pool | pg.PoolClient | pg.Client,
  statement: Statement | string,
  values?: readonly unknown[],
): Promise<pg.QueryResult<Row>> =>
  withKnownErrors(
    typeof statement === 'string'
      ? on.query<Row>(statement, values ? [...values] : undefined)
      : on.query<Row>({
          name: statement.name,
          text: statement.text,
          values: [...(statement.values ?? values ?? [])],
        }),
  );

/** The driver throws plain errors without a code when it does not reach the database: they get a name, so that nobody reads its words. */
export async function withKnownErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw hasNoCode(error) ? new DatabaseUnreachable() : error;
  }
}

const hasNoCode = (error: unknown): boolean =>
  error instanceof Error &&
  error.constructor === Error &&
  (error as { code?: unknown }).code === undefined;
