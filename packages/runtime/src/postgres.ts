import { hostname } from 'node:os';
import pg from 'pg';
import {
  type Connection,
  connectionLimits,
  openConnection,
  type Queries,
  runStatement,
  withKnownErrors,
} from './connection.ts';
import { DatabaseUnreachable } from './fault.ts';
import { inSpan } from './telemetry/span.ts';

/** What runs statements inside one transaction. */
export type Transaction = Queries;

export interface Database extends Queries {
  /** `work` commits as a whole or leaves nothing. No network inside: a transaction holds locks. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** A connection of its own, for an advisory lock held as long as the connection lives. The caller ends it. */
  connect(): Promise<Connection>;
  /**
   * Asks the database for its wall clock, through the pool as a call would. @throws when it does not answer within a few seconds, or takes no writes: after
   * a failover no command could be kept there, and no read recorded.
   */
  wallClock(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Every statement is a look-up by an index or an insert, the same for each value: it is planned once for each connection, not at each call,
 * which costs more than running it (`plan_cache_mode`). A plan that is made while a table is empty must be right when it holds a million
 * rows, so an index is used wherever there is one (`enable_seqscan`). Nothing here is worth compiling (`jit`). Measured in decision 0014.
 */
export const planOptions = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';

/** What is done over a connection of its own is short, and whoever holds a lock must know soon that it is gone. */
const ownConnectionLimits = { statement_timeout: 8_000, query_timeout: 10_000 };

const WALL_CLOCK = {
  name: 'wall-clock',
  text: `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
           current_setting('transaction_read_only')::bool AS "readOnly"`,
  query_timeout: 3_000,
};

export function openDatabase(
  connectionString: string,
  options: { readonly size?: number; readonly name: string },
): Database {
  // Tells an operator whose connection it is; PostgreSQL keeps 63 characters.
  const application_name = `${options.name} ${process.pid}@${hostname()}`.slice(0, 63);
  const pool = new pg.Pool({
    connectionString,
    max: options.size ?? 10,
    application_name,
    ...connectionLimits,
    options: planOptions,
  });
  pool.on('error', () => undefined); // an idle connection that broke is replaced at the next use
  // one that breaks between two statements of a transaction fails the next of them, and must not end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    query: (statement, values) => runStatement(pool, statement, values),
    transaction: (work) =>
      inSpan('transaction', {}, async () => {
        const connection = await withKnownErrors(pool.connect());
        try {
          await runStatement(connection, 'BEGIN');
          const statements = withFirstError(connection);
          const result = await work(statements);
          const { command } = await statements.query('COMMIT');
          // After a failed statement PostgreSQL answers a COMMIT with ROLLBACK, and the driver takes it for success.
          if (command !== 'COMMIT')
            throw statements.firstError() ?? new Error('the transaction was undone');
          connection.release();
          return result;
        } catch (error) {
          await rollBack(connection, error);
          throw error;
        }
      }),
    connect: () =>
      openConnection({
        connectionString,
        application_name,
        options: planOptions,
        ...ownConnectionLimits,
      }),
    async wallClock() {
      const connection = await withKnownErrors(pool.connect());
      try {
        const { rows } = await withKnownErrors(
          connection.query<{ now: number; readOnly: boolean }>(WALL_CLOCK),
        );
        if (rows[0]?.readOnly) throw new DatabaseReadOnly();
        connection.release();
        return rows[0]?.now ?? Number.NaN;
      } catch (error) {
        connection.release(true);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

const IN_FAILED_TRANSACTION = '25P02';

/** Where the program went on after a statement had failed, each later one fails too: what is told is why the first did. */
function withFirstError(connection: pg.PoolClient): Transaction & { firstError(): unknown } {
  let first: unknown;
  return {
    firstError: () => first,
    async query(statement, values) {
      try {
        return await runStatement(connection, statement, values);
      } catch (error) {
        if ((error as { code?: string }).code !== IN_FAILED_TRANSACTION) first = error;
        throw first ?? error;
      }
    },
  };
}

const READ_ONLY = '25006';

/** The server that answers takes no writes. */
class DatabaseReadOnly extends Error {
  override readonly name = 'DatabaseReadOnly';
  readonly code = READ_ONLY;
}

/**
 * A connection that does not answer is given up at once: a ROLLBACK would wait for it as long again. So is one to a server that became read-only
 * in a failover: the next one finds the server that can be written.
 */
async function rollBack(connection: pg.PoolClient, error: unknown): Promise<void> {
  const { code } = error as { code?: string };
  if (error instanceof DatabaseUnreachable || code === READ_ONLY) return connection.release(true);
  await connection.query('ROLLBACK').then(
    () => connection.release(),
    () => connection.release(true),
  );
}
