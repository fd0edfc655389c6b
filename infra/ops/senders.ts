import type { OpenPlatform } from './open-platform.ts';

/** What the broker refused is tried again: after its limits were changed, or a topic was made. */
export async function resend(platform: OpenPlatform, service: string): Promise<number> {
  const { rowCount } = await platform
    .service(service)
    .query('UPDATE outbox SET parked = NULL WHERE parked IS NOT NULL');
  console.log(`${rowCount ?? 0} messages of ${service} will be sent again.`);
  return 0;
}

/** A database that was restored gives numbers out a second time; a higher epoch says that they are not repeats (design rule 10). */
export async function restored(platform: OpenPlatform, service: string): Promise<number> {
  const { rows } = await platform
    .service(service)
    .query<{ number: number }>('UPDATE epoch SET number = number + 1 RETURNING number');
  console.log(`${service} sends with epoch ${rows[0]?.number} from now on.`);
  return 0;
}
