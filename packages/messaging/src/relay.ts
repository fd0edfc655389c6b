import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Part } from '@opennrm/runtime';
import { type RelayPlace, standForRelay } from './relay-lock.ts';
import { Sending, type SendingSettings } from './sending.ts';

export interface RelaySettings extends SendingSettings {
  readonly database: Database;
  readonly part?: Part;
  /** How often another replica's messages are looked for. Milliseconds. */
  readonly pollMs?: number;
  /** A relay whose oldest message is older than this is taken for frozen. Milliseconds. */
  readonly frozenAfterMs?: number;
}

export interface Relay {
  /** There is something to send: called after each commit of this process. */
  wake(): void;
  stop(): Promise<void>;
}

const POLL_MS = 150;
const FROZEN_AFTER_MS = 10_000;
const RETRY_MS = [100, 300, 1_000, 2_000, 5_000];

/**
 * Sends what stands in the outbox, in order, and deletes it after the broker has acknowledged it: a crash between the two gives
 * repeats, never losses. One replica at a time does it (design rule 16).
 */
export function startRelay(settings: RelaySettings): Relay {
  const ending = new AbortController();
  let bell = Promise.withResolvers<void>();
  const wake = (): void => bell.resolve();
  const rung = async (milliseconds: number): Promise<void> => {
    const timer = new AbortController();
    const waited = pause(milliseconds, undefined, { signal: AbortSignal.any([ending.signal, timer.signal]) }).catch(
      () => undefined,
    );
    await Promise.race([bell.promise, waited]);
    timer.abort();
    bell = Promise.withResolvers<void>();
  };
  const ended = live(settings, ending.signal, rung);
  return {
    wake,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

async function live(
  settings: RelaySettings,
  ending: AbortSignal,
  rung: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const { database, log } = settings;
  const rest = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal: ending }).catch(() => undefined);
  let failures = 0;
  while (!ending.aborted) {
    let place: RelayPlace | undefined;
    let sending: Sending | undefined;
    try {
      place = await standForRelay(database, { frozenAfterMs: settings.frozenAfterMs ?? FROZEN_AFTER_MS, log });
      while (!ending.aborted && !(await place.take())) {
        settings.part?.moved(); // another replica sends
        await rest(settings.pollMs ?? POLL_MS);
      }
      sending = new Sending(place, settings);
      while (!ending.aborted) {
        const sent = await sending.step();
        settings.part?.moved();
        failures = 0;
        // Under load a moment of waiting makes fuller batches; without it throughput collapses (measured).
        if (sent === 0) await rung(settings.pollMs ?? POLL_MS);
        else if (sent < FULL_ENOUGH) await pause(LINGER_MS);
      }
    } catch (error) {
      log.warn({ error: (error as Error).name, failures }, 'the outbox could not be read, trying again');
      await rest(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? POLL_MS);
    } finally {
      sending?.end();
      await place?.letGo();
    }
  }
}

const FULL_ENOUGH = 200;
const LINGER_MS = 4;
