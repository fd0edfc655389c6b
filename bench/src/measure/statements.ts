import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const EVERY_MS = 5;
const TOP = 12;

/** Samples what PostgreSQL runs until it is stopped. @returns the statements by how often they were seen running. */
export async function watchStatements(adminUrl: string): Promise<{ stop(): Promise<string[]> }> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench profile' });
  await client.connect();
  const seen = new Map<string, number>();
  let watching = true;
  let all = 0;
  const watched = (async () => {
    while (watching) {
      const { rows } = await client.query<{ datname: string; wait: string | null; query: string }>({
        name: 'look',
        text: `SELECT datname, wait_event AS wait, query FROM pg_stat_activity
               WHERE state = 'active' AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      });
      for (const { datname, wait, query } of rows) {
        const name = `${datname.replace('opennrm_', '')}: ${query.replace(/\s+/g, ' ').slice(0, 90)}${wait ? ` [${wait}]` : ''}`;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        all++;
      }
      await pause(EVERY_MS);
    }
  })();
  return {
    async stop() {
      watching = false;
      await watched;
      await client.end();
      return [...seen]
        .sort((a, b) => b[1] - a[1])
        .slice(0, TOP)
        .map(
          ([name, count]) =>
            `${((count / Math.max(1, all)) * 100).toFixed(1).padStart(5)} %  ${name}`,
        );
    },
  };
}
