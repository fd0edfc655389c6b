import pg from 'pg';
import { DatabaseUnreachable } from './fault.ts';

// bigint columns here are sequence numbers and instants, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** A statement with a name is prepared once per connection (about twice the reads per second of an unnamed one). */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
  /** It writes, but would do no harm without its transaction, so it is sent together with BEGIN. */
  readonly isHarmlessAlone?: true;
}

export interface Queries {
  query<Row extends pg.QueryResultRow>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

/** A separate connection. After it has not answered in time it is closed, and each later statement fails. */
export interface Connection extends Queries {
  end(): Promise<void>;
}

/**
 * A connection can be lost without an error (a failover, a firewall that dropped its state): without limits on this side a statement
 * waits for ever. The server ends a slow statement before this side gives up the connection, so that the fault can be identified. It ends
 * a wait for a lock even earlier, because then the holder of the lock is at fault and not the waiting work.
 */
export const connectionLimits = {
  connectionTimeoutMillis: 5_000,
  lock_timeout: 10_000,
  statement_timeout: 30_000,
  query_timeout: 35_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};

/** Limits for a migration or a copy of a database, which may take long. */
export const longLimits = {
  ...connectionLimits,
  lock_timeout: 600_000,
  statement_timeout: 600_000,
  query_timeout: 605_000,
};

const END_WITHIN_MS = 2_000;

/** @throws DatabaseUnreachable or an error with a code, never the driver's text about hosts. */
export async function openConnection(config: pg.ClientConfig): Promise<Connection> {
  const client = new pg.Client({ ...connectionLimits, ...config });
  client.on('error', () => undefined); // the next statement reports it
  await withKnownErrors(client.connect());
  return {
    async query(statement, values) {
      try {
        return await runStatement(client, statement, values);
      } catch (error) {
        // Because a statement is still running, the driver closes the socket at once.
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

/**
 * The driver throws plain errors without a code when it cannot reach the database. They are replaced by a named error, so that no code
 * has to read their text.
 */
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
