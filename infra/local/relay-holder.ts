import { asAdmin } from './database/provision.ts';
import type { Replica, RunningService } from './services.ts';

/** The connections that hold an advisory lock in that database: a service has one lock, the relay lock (design rule 16). */
const HOLDERS = `SELECT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid)
  WHERE locktype = 'advisory' AND granted AND datname = $1 AND application_name LIKE '%@%'`;

/** The replica of a service that holds the relay lock, by the name of its connection; undefined while none does. */
export async function relayHolder(
  adminUrl: string,
  service: RunningService,
): Promise<Replica | undefined> {
  const database = new URL(service.ownerUrl).pathname.slice(1);
  const { rows } = await asAdmin(adminUrl, (admin) =>
    admin.query<{ name: string }>(HOLDERS, [database]),
  );
  return service.replicas.find(({ process }) =>
    rows.some(({ name }) => name.includes(` ${process.pid()}@`)),
  );
}
