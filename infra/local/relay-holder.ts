import { asAdmin } from './database/provision.ts';
import type { Replica, RunningService } from './services.ts';

/** Who holds a session's advisory lock of that database: a service has one, for the right to send (design rule 16). */
const HOLDERS = `SELECT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid)
  WHERE locktype = 'advisory' AND granted AND datname = $1 AND application_name LIKE '%@%'`;

/** The process that sends for a service now, or undefined while none does: the connection that holds the lock names it. */
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
