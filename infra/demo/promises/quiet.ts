import { setTimeout as pause } from 'node:timers/promises';
import { type Look, unseen } from '@opennrm/infra/promises';
import type { Desk } from '../desk.ts';
import { rowsOf } from '../rows.ts';

const WITHIN_MS = 30_000;

/** The demo's databases, as the checks of the promises look at them. */
export const lookOf = ({ platform, now }: Desk): Look => ({
  services: Object.keys(platform.services),
  rows: (service, sql) => rowsOf(platform.services[service as keyof typeof platform.services], sql) as never,
  now,
});

/** Nothing waits to be sent, and every stream has been seen by its reader up to its last number. */
export async function untilQuiet(desk: Desk): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (Date.now() < end) {
    if (desk.agenda.running === 0 && (await unseen(lookOf(desk))) === 0) return;
    await pause(100);
  }
}
