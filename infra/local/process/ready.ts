import { setTimeout as pauseFor } from 'node:timers/promises';

const POLL_EVERY_MS = 50;

/** Calls `poll` until it returns a value, for at most `within` milliseconds; then undefined. */
export async function pollUntil<T>(
  within: number,
  poll: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + within;
  for (;;) {
    const seen = await poll();
    if (seen !== undefined || Date.now() >= end) return seen;
    await pauseFor(POLL_EVERY_MS);
  }
}

/** True when the address answers 200 within a second. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** `work`, or undefined when it takes longer than `within` milliseconds (it then continues, and its result is ignored). */
export async function withinTime<T>(within: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), within);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
