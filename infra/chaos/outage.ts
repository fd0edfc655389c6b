import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from '@opennrm/infra/local';

const LOOK_EVERY_MS = 500;
const ANSWERS_WITHIN_MS = 1_000;

/** How long nobody at all answered for a service. Milliseconds. */
export interface Outage {
  readonly service: string;
  readonly total: number;
  readonly longest: number;
}

/** Looks all the time whether one replica at least of each service is ready. */
export function watchOutages(platform: Platform): { stop(): Promise<Outage[]> } {
  let going = true;
  const watching = platform.services.map(({ name, replicas }) =>
    outageOf(
      replicas.map(({ healthUrl }) => healthUrl),
      () => going,
    ).then((absence): Outage => ({ service: name, ...absence })),
  );
  return {
    stop() {
      going = false;
      return Promise.all(watching);
    },
  };
}

async function outageOf(
  healthUrls: readonly string[],
  going: () => boolean,
): Promise<Omit<Outage, 'service'>> {
  let [total, longest] = [0, 0];
  let since: number | undefined;
  while (going()) {
    const asked = Date.now();
    if (await anyReady(healthUrls)) since = undefined;
    else {
      since ??= asked;
      const now = Date.now() + LOOK_EVERY_MS;
      total += now - asked;
      longest = Math.max(longest, now - since);
    }
    await pause(LOOK_EVERY_MS);
  }
  return { total, longest };
}

const anyReady = (healthUrls: readonly string[]): Promise<boolean> =>
  Promise.any(healthUrls.map(isReady)).catch(() => false);

async function isReady(healthUrl: string): Promise<true> {
  const answer = await fetch(`${healthUrl}/ready`, {
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  await answer.body?.cancel();
  if (answer.status !== 200) throw new Error('not ready');
  return true;
}
