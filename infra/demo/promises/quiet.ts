import { setTimeout as pause } from 'node:timers/promises';
import type { Desk } from '../desk.ts';
import { rowsOf } from '../rows.ts';

const WITHIN_MS = 30_000;

/** Nothing waits to be sent, and every stream has been seen by its reader up to its last number. */
export async function untilQuiet(desk: Desk): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (Date.now() < end) {
    if (desk.agenda.running === 0 && (await unseen(desk)) === 0) return;
    await pause(100);
  }
}

/** How many messages have not been seen by their reader. */
export async function unseen(desk: Desk): Promise<number> {
  const { services } = desk.platform;
  const [sent, seen] = [new Map<string, number>(), new Map<string, number>()];
  for (const service of Object.values(services)) {
    for (const row of await rowsOf<Stream>(service, 'SELECT topic, key, last FROM stream_numbers'))
      sent.set(`${row.topic} ${row.key}`, row.last);
    for (const row of await rowsOf<Stream>(service, 'SELECT topic, key, last FROM inbox'))
      seen.set(`${row.topic} ${row.key}`, row.last);
  }
  return [...sent].reduce((sum, [stream, last]) => sum + Math.max(0, last - (seen.get(stream) ?? 0)), 0);
}

interface Stream {
  topic: string;
  key: string;
  last: number;
}
