import type { RunningService } from '@opennrm/infra/local';
import { rowsOf } from '../rows.ts';

/** Every row of every table of a service, as text; bytes are shown as hex. */
export async function dumpOf(service: RunningService): Promise<string> {
  const tables = await rowsOf<{ name: string }>(
    service,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await rowsOf<{ row: string }>(
      service,
      `SELECT to_jsonb(t)::text AS row FROM "${name}" t`,
    );
    parts.push(...rows.map(({ row }) => row));
  }
  return parts.join('\n');
}
