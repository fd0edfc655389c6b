import { hostname } from 'node:os';
import pg from 'pg';
import { inSpan } from './telemetry/span.ts';

/** A statement with a name is prepared once per connection (about twice the reads per second of an unnamed one). */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What runs statements inside one transaction. */
export interface Transaction {
  query<Row extends pg.QueryResultRow>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
}

export interface Database {
  /** Reads outside a transaction. */
  query<Row extends pg.QueryResultRow>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
  /** `work` commits as a whole or leaves nothing. No network inside: a transaction holds locks. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** A connection of its own, for an advisory lock held as long as the connection lives. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

// bigint columns here are sequence numbers and instants, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const run = <Row extends pg.QueryResultRow>(
  on: pg.Pool | pg.PoolClient,
  statement: Statement | string,
  values?: readonly unknown[],
): Promise<pg.QueryResult<Row>> =>
  typeof statement === 'string'
    ? on.query<Row>(statement, values ? [...values] : undefined)
    : on.query<Row>({ name: statement.name, text: statement.text, values: [...(statement.values ?? values ?? [])] });

/**
 * Every statement is a look-up by an index or an insert, the same for each value: it is planned once for each connection, not at each call,
 * which costs more than running it (`plan_cache_mode`). A plan that is made while a table is empty must be right when it holds a million
 * rows, so an index is used wherever there is one (`enable_seqscan`). Nothing here is worth compiling (`jit`). Measured in decision 0014.
 */
export const planOptions = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off';

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
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    options: planOptions,
  });
  pool.on('error', () => undefined); // an idle connection that broke is replaced at the next use
  // one that breaks between two statements of a transaction fails the next of them, and must not end the process
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    query: (statement, values) => run(pool, statement, values),
    transaction: (work) =>
      inSpan('transaction', {}, async () => {
        const connection = await pool.connect();
        try {
          await connection.query('BEGIN');
          const result = await work({ query: (statement, values) => run(connection, statement, values) });
          await connection.query('COMMIT');
          connection.release();
          return result;
        } catch (error) {
          await connection.query('ROLLBACK').then(
            () => connection.release(),
            () => connection.release(true),
          );
          throw error;
        }
      }),
    async connect() {
      const client = new pg.Client({ connectionString, application_name, options: planOptions });
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
}

const PASSING_CLASSES = ['08', '53', '57'];
const PASSING_CODES = ['40001', '40P01', '55P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'];

/** True for a fault that the same work may survive when done again: connection, deadlock, serialisation, shutdown. */
export function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return PASSING_CODES.includes(code) || PASSING_CLASSES.includes(code.slice(0, 2));
  return (
    error instanceof Error &&
    /connection terminated|is not queryable|timeout exceeded when trying to connect/i.test(error.message)
  );
}
