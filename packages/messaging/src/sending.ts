import { inSpan, type Log } from '@opennrm/runtime';
import type { Kafka } from './kafka/port.ts';
import { type Batch, forget, isRefused, parkAggregate, readBatch, readBatchOf, readBatchWithout } from './outbox.ts';
import { type RelayPlace, showingLife } from './relay-lock.ts';

export interface SendingSettings {
  readonly kafka: Kafka;
  readonly log: Log;
  /** Called with how long the oldest message of a batch waited. Seconds. */
  readonly sent?: ((count: number, delaySeconds: number) => void) | undefined;
  /** Called when it changes how many topics cannot be written. */
  readonly unwritable?: ((topics: number) => void) | undefined;
}

/** A topic that could not be written: it is tried alone, and the others go on without it. */
interface Waiting {
  readonly failures: number;
  readonly retryAt: number;
  readonly trying: boolean;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/**
 * Sends what stands in the outbox while this process holds the relay. All topics go in one send; when it fails, each of its topics is tried apart
 * until it has been written once, over connections of its own, with a back-off of its own: a topic that is gone or has no leader delays no other.
 * The messages of a topic are always sent in order and by one sender at a time, so the order of each stream is kept.
 */
export class Sending {
  readonly #place: RelayPlace;
  readonly #settings: SendingSettings;
  readonly #waiting = new Map<string, Waiting>();
  #ended = false;

  constructor(place: RelayPlace, settings: SendingSettings) {
    this.#place = place;
    this.#settings = settings;
  }

  /** One batch of every topic that can be written. @returns how many messages were sent. */
  async step(): Promise<number> {
    for (const [topic, { retryAt, trying }] of this.#waiting)
      if (!trying && retryAt <= performance.now()) void this.#tryApart(topic);
    const batch =
      this.#waiting.size === 0
        ? await readBatch(this.#place)
        : await readBatchWithout(this.#place, [...this.#waiting.keys()]);
    if (batch.records.length === 0) return 0;
    return traced(batch, () => this.#send(batch));
  }

  /** The relay is lost or given up: whoever takes it finds out for itself what can be written. */
  end(): void {
    this.#ended = true;
    this.#waiting.clear();
    this.#settings.unwritable?.(0);
  }

  async #send(batch: Batch): Promise<number> {
    const { kafka, log, sent } = this.#settings;
    try {
      await showingLife(this.#place, () => kafka.send(batch.records));
    } catch (error) {
      log.warn(
        { error: (error as Error).name, topics: batch.topics },
        'messages could not be sent, trying each topic apart',
      );
      for (const topic of batch.topics) this.#note(topic, { failures: 0, retryAt: 0, trying: false });
      return 0;
    }
    await forget(this.#place, batch.positions);
    sent?.(batch.records.length, batch.oldestSeconds);
    return batch.records.length;
  }

  /** A failure is kept with the topic; once it has been written, the topic goes with the others again. */
  async #tryApart(topic: string): Promise<void> {
    const { log } = this.#settings;
    const failures = this.#waiting.get(topic)?.failures ?? 0;
    this.#note(topic, { failures, retryAt: 0, trying: true });
    try {
      const batch = await readBatchOf(this.#place, topic);
      if (batch.records.length > 0) await traced(batch, () => this.#sendApart(batch));
      this.#note(topic, undefined);
    } catch (error) {
      log.warn({ topic, error: (error as Error).name, failures }, 'a topic cannot be written, trying again');
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
      this.#note(topic, { failures: failures + 1, retryAt: performance.now() + wait, trying: false });
    }
  }

  async #sendApart(batch: Batch): Promise<void> {
    const { kafka, sent } = this.#settings;
    try {
      await kafka.sendApart(batch.records);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return this.#oneByOne(batch);
    }
    await forget(this.#place, batch.positions);
    sent?.(batch.records.length, batch.oldestSeconds);
  }

  /** The broker refuses one of these records: which one is found out record by record, and its aggregate is parked. */
  async #oneByOne({ records, positions, aggregateIds }: Batch): Promise<void> {
    const { kafka, log } = this.#settings;
    const parked = new Set<string>();
    for (const [nth, record] of records.entries()) {
      const [position = 0, aggregateId = ''] = [positions[nth], aggregateIds[nth]];
      if (parked.has(aggregateId)) continue;
      try {
        await kafka.sendApart([record]);
        await forget(this.#place, [position]);
      } catch (error) {
        if (!isRefused(error)) throw error;
        await parkAggregate(this.#place, aggregateId, error.message);
        parked.add(aggregateId);
        const facts = { aggregateId, topic: record.topic, reason: error.message };
        log.error(facts, 'the broker refuses a message; this aggregate waits for an operator');
      }
    }
  }

  #note(topic: string, waiting: Waiting | undefined): void {
    if (this.#ended) return;
    if (waiting) this.#waiting.set(topic, waiting);
    else this.#waiting.delete(topic);
    const failing = [...this.#waiting.values()].filter(({ failures }) => failures > 0);
    this.#settings.unwritable?.(failing.length);
  }
}

function traced<T>({ records, oldestSeconds, traces }: Batch, work: () => Promise<T>): Promise<T> {
  const firstMessageId = records[0]?.headers.ce_id ?? '';
  return inSpan('relay', { messages: records.length, oldestSeconds, firstMessageId }, work, {
    root: true,
    from: traces,
  });
}
