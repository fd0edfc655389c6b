import { setTimeout as pause } from 'node:timers/promises';
import { type Database, inSpan, type Log } from '@opennrm/runtime';
import type { Kafka } from './kafka/port.ts';
import { type Batch, forget, isPoison, parkPoison, readBatch } from './outbox.ts';
import { type Held, holdRelay, showingLife } from './relay-lock.ts';

export interface RelaySettings {
  readonly database: Database;
  readonly kafka: Kafka;
  readonly log: Log;
  /** Called with how long the oldest message of a batch waited. Seconds. */
  readonly sent?: (count: number, delaySeconds: number) => void;
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
  let failures = 0;
  while (!ending.aborted) {
    const held = await holdRelay(database, { frozenAfterMs: settings.frozenAfterMs ?? FROZEN_AFTER_MS, log }).catch(
      () => undefined,
    );
    if (!held) {
      await pause(settings.pollMs ?? POLL_MS, undefined, { signal: ending }).catch(() => undefined);
      continue;
    }
    try {
      while (!ending.aborted) {
        const sent = await step(held, settings);
        failures = 0;
        // Under load a moment of waiting makes fuller batches; without it throughput collapses (measured).
        if (sent === 0) await rung(settings.pollMs ?? POLL_MS);
        else if (sent < FULL_ENOUGH) await pause(LINGER_MS);
      }
    } catch (error) {
      log.warn({ error: (error as Error).name, failures }, 'messages could not be sent, trying again');
      await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)], undefined, { signal: ending }).catch(
        () => undefined,
      );
    } finally {
      await held.letGo();
    }
  }
}

const FULL_ENOUGH = 200;
const LINGER_MS = 4;

/** One batch; @returns how many messages were sent. */
async function step(held: Held, settings: RelaySettings): Promise<number> {
  const batch = await readBatch(held.connection);
  const { records, oldestSeconds, traces } = batch;
  if (records.length === 0) return 0;
  const firstMessageId = records[0]?.headers.ce_id ?? '';
  const facts = { messages: records.length, oldestSeconds, firstMessageId };
  return inSpan('relay', facts, () => sendBatch(held, batch, settings), { root: true, from: traces });
}

async function sendBatch(held: Held, batch: Batch, { kafka, log, sent }: RelaySettings): Promise<number> {
  try {
    await showingLife(held, () => kafka.send(batch.records));
  } catch (error) {
    if (!isPoison(error)) throw error;
    return onlyGood(held, batch, kafka, log);
  }
  await forget(held.connection, batch.positions);
  sent?.(batch.records.length, batch.oldestSeconds);
  return batch.records.length;
}

/** The broker will not take something in this batch: aggregate by aggregate, what it refuses is parked and the rest goes on. */
async function onlyGood(held: Held, batch: Batch, kafka: Kafka, log: Log): Promise<number> {
  let sent = 0;
  for (const [aggregateId, part] of batch.byAggregate()) {
    try {
      await showingLife(held, () => kafka.send(part.records));
      await forget(held.connection, part.positions);
      sent += part.records.length;
    } catch (error) {
      if (!isPoison(error)) throw error;
      await parkPoison(held.connection, aggregateId, error.message);
      log.error(
        { aggregateId, reason: error.message },
        'the broker refuses a message; this aggregate waits for an operator',
      );
    }
  }
  return sent;
}
