import { planOptions } from '@opennrm/runtime';
import pg from 'pg';
import { setting } from '../load/start.ts';

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Run = (name: string, text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

/** Planned as the platform's own statements are, so that the limit has every advantage that the platform has. */
const pool = new pg.Pool({ connectionString: setting('DATABASE_URL'), max: 10, options: planOptions });

/** One transaction of named statements. */
export async function transaction(work: (run: Run) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work((name, text, values) => client.query({ name, text, values: [...values] }));
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    client.release();
    throw error;
  }
}

/** The same once more after a deadlock or a serialisation failure. */
export async function retried(work: (run: Run) => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction(work);
    } catch (error) {
      if (tries > 3 || !(error as { code?: string }).code?.startsWith('40')) throw error;
    }
  }
}

export async function connection(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: setting('DATABASE_URL') });
  await client.connect();
  return client;
}
