import { setTimeout as pause } from 'node:timers/promises';
import { countUnreceived, type DatabaseReader } from '@opennrm/infra/promises';
import { rowsOf } from '../rows.ts';
import type { Simulation } from '../simulation.ts';

const WITHIN_MS = 30_000;

/** The demo's databases, as the checks of the promises look at them. */
export const databaseReaderOf = ({ platform, now }: Simulation): DatabaseReader => ({
  services: platform.services.map(({ name }) => name),
  rows: (service, sql) => rowsOf(platform.service(service), sql) as never,
  now,
});

/** Nothing waits to be sent, and every stream has been seen by its reader up to its last number. */
export async function waitUntilDelivered(simulation: Simulation): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (Date.now() < end) {
    if (
      simulation.agenda.running === 0 &&
      (await countUnreceived(databaseReaderOf(simulation))) === 0
    )
      return;
    await pause(100);
  }
}
