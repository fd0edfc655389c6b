import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Part } from '@opennrm/runtime';
import { OutboxSender, type OutboxSenderSettings } from './outbox-sender.ts';
import { openRelayLock, type RelayLock } from './relay-lock.ts';
import { POLL_MS, RelayPolls } from './relay-polls.ts';
import { type WakeablePause, wakeablePause } from './wakeable-pause.ts';

export interface RelaySettings extends OutboxSenderSettings {
  readonly database: Database;
  readonly part?: Part;
  /** How often the outbox is checked for messages of other replicas, and the lock for being free. Milliseconds. */
  readonly pollMs?: number;
  /** A relay holder is taken for frozen when its oldest message is older than this. Milliseconds. */
  readonly frozenAfterMs?: number;
}

export interface Relay {
  /** Announces that there is something to send. Called after each commit of this process. */
  wake(): void;
  stop(): Promise<void>;
}

const FROZEN_AFTER_MS = 10_000;
const RETRY_MS = [100, 300, 1_000, 2_000, 5_000];

/**
 * Sends the messages of the outbox in order, and deletes each after the broker has acknowledged it. A crash between the two gives
 * repeats, never losses. One replica at a time does it (design rule 16).
 */
export function startRelay(settings: RelaySettings): Relay {
  const ending = new AbortController();
  const wakes = wakeablePause(ending.signal);
  const ended = runRelay(settings, ending.signal, wakes);
  return {
    wake: wakes.wake,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

async function runRelay(
  settings: RelaySettings,
  ending: AbortSignal,
  wakes: WakeablePause,
): Promise<void> {
  const { database, log } = settings;
  const pauseUnlessEnding = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal: ending }).catch(() => undefined);
  const polls = new RelayPolls(settings.pollMs);
  let failures = 0;
  while (!ending.aborted) {
    let lock: RelayLock | undefined;
    let sender: OutboxSender | undefined;
    try {
      lock = await openRelayLock(database, {
        frozenAfterMs: settings.frozenAfterMs ?? FROZEN_AFTER_MS,
        log,
      });
      while (!ending.aborted && !(await lock.tryAcquire())) {
        settings.part?.moved(); // another replica sends
        await pauseUnlessEnding(settings.pollMs ?? POLL_MS);
      }
      sender = new OutboxSender(lock, settings);
      let isAnnounced = true; // what waits already does not show that another replica commits now
      while (!ending.aborted) {
        wakes.forgetWakes();
        const beganAt = performance.now();
        const sent = await sender.step();
        settings.part?.moved();
        failures = 0;
        if (sent > 0 && !isAnnounced) polls.foundUnannounced();
        // Under load a wait makes fuller batches; without it throughput collapses (measured).
        if (sent === 0) isAnnounced = await wakes.wait(polls.next(sender.isRetrying));
        else if (sent < FULL_ENOUGH) await pause(lingerAfter(performance.now() - beganAt));
      }
    } catch (error) {
      log.warn(
        { error: (error as Error).name, failures },
        'the outbox could not be read, trying again',
      );
      await pauseUnlessEnding(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? POLL_MS);
    } finally {
      sender?.end();
      await lock?.release();
    }
  }
}

const FULL_ENOUGH = 200;
const SHORTEST_LINGER_MS = 4;
const LONGEST_LINGER_MS = 25;

/** As long as the last batch took: a busy machine takes longer for each, and makes fewer and fuller batches. */
const lingerAfter = (tookMs: number): number =>
  Math.min(LONGEST_LINGER_MS, Math.max(SHORTEST_LINGER_MS, tookMs));
