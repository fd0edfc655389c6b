import type { RunningService } from '@opennrm/infra/local';
import { connectionLimits } from '@opennrm/runtime';
import pg from 'pg';

const pools = new Map<string, pg.Pool>();

/** Reads a service's database as its owner, for reports and checks only: the synthetic people use the public calls. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  service: RunningService,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const pool =
    pools.get(service.ownerUrl) ??
    new pg.Pool({ ...connectionLimits, connectionString: service.ownerUrl, max: 2 });
  pools.set(service.ownerUrl, pool);
  return (await pool.query<Row>(sql, values)).rows;
}

export async function closePools(): Promise<void> {
  await Promise.all([...pools.values()].map((pool) => pool.end()));
  pools.clear();
}
