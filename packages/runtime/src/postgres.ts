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
import { type Transaction, UnitOfWork, type Watch } from './unit-of-work.ts';

export interface Database extends Queries {
  /** `work` commits as a whole or has no effect. It must not use the network, because a transaction holds locks. */
  transaction<T>(work: (tx: Transaction) => T | Promise<T>): Promise<T>;
  /** Opens a separate connection, for an advisory lock that lasts as long as the connection. The caller ends it. */
  connect(): Promise<Connection>;
  /**
   * Reads the wall clock of the database, through the pool as a call does. @throws when the database does not answer within a few
   * seconds, or is read-only: after a failover no command could be stored there, and no read recorded.
   */
  wallClock(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Every statement is a look-up by an index or an insert, with the same plan for each value. So it is planned once for each connection and
 * not at each call, which costs more than running it (`plan_cache_mode`). A plan that is made while a table is empty must be right for a
 * million rows, so an index is used wherever there is one (`enable_seqscan`). No statement is worth compiling (`jit`). Measured in
 * decision 0014.
 */
export const planOptions = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';

/** Work on a separate connection is short, and the holder of a lock must notice soon when the connection is lost. */
const ownConnectionLimits = { statement_timeout: 8_000, query_timeout: 10_000 };

const WALL_CLOCK = {
  name: 'wall-clock',
  text: `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
           current_setting('transaction_read_only')::bool AS "readOnly"`,
  query_timeout: 3_000,
};

export function openDatabase(
  connectionString: string,
  options: { readonly size?: number; readonly name: string; readonly watch?: Watch },
): Database {
  // Shows an operator which process owns the connection; PostgreSQL keeps 63 characters.
  const application_name = `${options.name} ${process.pid}@${hostname()}`.slice(0, 63);
  const pool = new pg.Pool({
    connectionString,
    max: options.size ?? 10,
    application_name,
    ...connectionLimits,
    options: planOptions,
    pipeline: true,
  });
  pool.on('error', () => undefined); // a broken idle connection is replaced at the next use
  // a connection that breaks between two statements of a transaction fails the next statement, and must not end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    query(statement, values) {
      if (typeof statement !== 'string') options.watch?.(statement);
      return runStatement(pool, statement, values);
    },
    transaction: (work) =>
      inSpan('transaction', {}, async () => {
        const connection = await withKnownErrors(pool.connect());
        const tx = new UnitOfWork(connection, options.watch);
        try {
          const result = await work(tx);
          await tx.commit();
          connection.release();
          return result;
        } catch (error) {
          tx.giveUp();
          await rollBack(connection, error);
          throw error;
        }
      }),
    async connect() {
      const connection = await openConnection({
        connectionString,
        application_name,
        options: planOptions,
        ...ownConnectionLimits,
      });
      return {
        query(statement, values) {
          if (typeof statement !== 'string') options.watch?.(statement);
          return connection.query(statement, values);
        },
        end: () => connection.end(),
      };
    },
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

const READ_ONLY = '25006';

/** The server is read-only. */
class DatabaseReadOnly extends Error {
  override readonly name = 'DatabaseReadOnly';
  readonly code = READ_ONLY;
}

/**
 * A connection that does not answer is closed at once, because a ROLLBACK would wait as long again. A connection to a server that became
 * read-only in a failover is closed too: the next one finds the writable server.
 */
async function rollBack(connection: pg.PoolClient, error: unknown): Promise<void> {
  const { code } = error as { code?: string };
  if (error instanceof DatabaseUnreachable || code === READ_ONLY) return connection.release(true);
  await connection.query('ROLLBACK').then(
    () => connection.release(),
    () => connection.release(true),
  );
}
