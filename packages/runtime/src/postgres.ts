import { hostname } from 'node:os';
import pg from 'pg';
import { DatabaseUnreachable } from './fault.ts';
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
  asking(
    typeof statement === 'string'
      ? on.query<Row>(statement, values ? [...values] : undefined)
      : on.query<Row>({ name: statement.name, text: statement.text, values: [...(statement.values ?? values ?? [])] }),
  );

/** The driver throws plain errors without a code when it does not reach the database: they get a name, so that nobody reads its words. */
async function asking<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isPlain(error) ? new DatabaseUnreachable() : error;
  }
}

const isPlain = (error: unknown): boolean =>
  error instanceof Error && error.constructor === Error && (error as { code?: unknown }).code === undefined;

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
        const connection = await asking(pool.connect());
        try {
          await run(connection, 'BEGIN');
          const statements = reportingTheFirstError(connection);
          const result = await work(statements);
          const { command } = await statements.query('COMMIT');
          // After a failed statement PostgreSQL answers a COMMIT with ROLLBACK, and the driver takes it for success.
          if (command !== 'COMMIT') throw statements.failed() ?? new Error('the transaction was undone');
          connection.release();
          return result;
        } catch (error) {
          await undo(connection, error);
          throw error;
        }
      }),
    async connect() {
      const client = new pg.Client({ connectionString, application_name, options: planOptions });
      await asking(client.connect());
      return client;
    },
    close: () => pool.end(),
  };
}

const IN_FAILED_TRANSACTION = '25P02';

/** Where the program went on after a statement had failed, each later one fails too: what is told is why the first did. */
function reportingTheFirstError(connection: pg.PoolClient): Transaction & { failed(): unknown } {
  let first: unknown;
  return {
    failed: () => first,
    async query(statement, values) {
      try {
        return await run(connection, statement, values);
      } catch (error) {
        if ((error as { code?: string }).code !== IN_FAILED_TRANSACTION) first = error;
        throw first ?? error;
      }
    },
  };
}

const READ_ONLY = '25006';

/**
 * A connection that does not answer is given up at once: a ROLLBACK would wait for it as long again. So is one to a server that became read-only
 * in a failover: the next one finds the server that can be written.
 */
async function undo(connection: pg.PoolClient, error: unknown): Promise<void> {
  const { code } = error as { code?: string };
  if (error instanceof DatabaseUnreachable || code === READ_ONLY) return connection.release(true);
  await connection.query('ROLLBACK').then(
    () => connection.release(),
    () => connection.release(true),
  );
}
