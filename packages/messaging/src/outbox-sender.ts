import { inSpan, type Log } from '@opennrm/runtime';
import type { Kafka } from './kafka/port.ts';
import {
  type Batch,
  deleteSent,
  isRefused,
  parkAggregate,
  readBatch,
  readBatchExcept,
  readBatchOfTopic,
} from './outbox.ts';
import { type RelayLock, withSignsOfLife } from './relay-lock.ts';

export interface OutboxSenderSettings {
  readonly kafka: Kafka;
  readonly log: Log;
  /** Called after a batch was sent, with the time that its oldest message waited, in seconds. */
  readonly onSent?: ((count: number, delaySeconds: number) => void) | undefined;
  /** Called with the number of topics that cannot be written, when it may have changed. */
  readonly onUnwritable?: ((topics: number) => void) | undefined;
}

/** A topic that could not be written. It is tried alone while the other topics continue. */
interface UnwritableTopic {
  readonly failures: number;
  readonly retryAt: number;
  readonly trying: boolean;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

/**
 * Sends the messages of the outbox while this process holds the relay. All topics go in one send. When it fails, each of its topics is
 * tried separately until it has been written once, over its own connections and with its own back-off, so that a topic that is missing or
 * has no leader delays no other. The messages of a topic are always sent in order and by one sender at a time, so the order of each
 * stream is kept.
 */
export class OutboxSender {
  readonly #place: RelayLock;
  readonly #settings: OutboxSenderSettings;
  readonly #unwritable = new Map<string, UnwritableTopic>();
  #ended = false;

  constructor(place: RelayLock, settings: OutboxSenderSettings) {
    this.#place = place;
    this.#settings = settings;
  }

  /** Whether a topic waits for its next try. */
  get isRetrying(): boolean {
    return this.#unwritable.size > 0;
  }

  /** Sends one batch of all topics that can be written. @returns how many messages were sent. */
  async step(): Promise<number> {
    for (const [topic, { retryAt, trying }] of this.#unwritable)
      if (!trying && retryAt <= performance.now()) void this.#trySeparately(topic);
    const batch =
      this.#unwritable.size === 0
        ? await readBatch(this.#place)
        : await readBatchExcept(this.#place, [...this.#unwritable.keys()]);
    if (batch.records.length === 0) return 0;
    return traced(batch, () => this.#send(batch));
  }

  /** The relay is lost or released. The next holder finds out itself which topics can be written. */
  end(): void {
    this.#ended = true;
    this.#unwritable.clear();
    this.#settings.onUnwritable?.(0);
  }

  async #send(batch: Batch): Promise<number> {
    const { kafka, log, onSent } = this.#settings;
    try {
      await withSignsOfLife(this.#place, () => kafka.send(batch.records));
    } catch (error) {
      log.warn(
        { error: (error as Error).name, topics: batch.topics },
        'messages could not be sent, trying each topic separately',
      );
      for (const topic of batch.topics)
        this.#setUnwritable(topic, { failures: 0, retryAt: 0, trying: false });
      return 0;
    }
    await deleteSent(this.#place, batch.positions);
    onSent?.(batch.records.length, batch.oldestSeconds);
    return batch.records.length;
  }

  /** A failure is recorded with the topic. After a successful write, the topic is sent with the others again. */
  async #trySeparately(topic: string): Promise<void> {
    const { log } = this.#settings;
    const failures = this.#unwritable.get(topic)?.failures ?? 0;
    this.#setUnwritable(topic, { failures, retryAt: 0, trying: true });
    try {
      const batch = await readBatchOfTopic(this.#place, topic);
      if (batch.records.length > 0) await traced(batch, () => this.#sendSeparately(batch));
      this.#setUnwritable(topic, undefined);
    } catch (error) {
      log.warn(
        { topic, error: (error as Error).name, failures },
        'a topic cannot be written, trying again',
      );
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
      this.#setUnwritable(topic, {
        failures: failures + 1,
        retryAt: performance.now() + wait,
        trying: false,
      });
    }
  }

  async #sendSeparately(batch: Batch): Promise<void> {
    const { kafka, onSent } = this.#settings;
    try {
      await kafka.sendSeparately(batch.records);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return this.#oneByOne(batch);
    }
    await deleteSent(this.#place, batch.positions);
    onSent?.(batch.records.length, batch.oldestSeconds);
  }

  /** The broker refuses one of these records. Each is sent alone to find it, and its aggregate is parked. */
  async #oneByOne({ records, positions, aggregateIds }: Batch): Promise<void> {
    const { kafka, log } = this.#settings;
    const parked = new Set<string>();
    for (const [nth, record] of records.entries()) {
      const [position = 0, aggregateId = ''] = [positions[nth], aggregateIds[nth]];
      if (parked.has(aggregateId)) continue;
      try {
        await kafka.sendSeparately([record]);
        await deleteSent(this.#place, [position]);
      } catch (error) {
        if (!isRefused(error)) throw error;
        await parkAggregate(this.#place, aggregateId, error.message);
        parked.add(aggregateId);
        const facts = { aggregateId, topic: record.topic, reason: error.message };
        log.error(facts, 'the broker refuses a message; this aggregate waits for an operator');
      }
    }
  }

  #setUnwritable(topic: string, waiting: UnwritableTopic | undefined): void {
    if (this.#ended) return;
    if (waiting) this.#unwritable.set(topic, waiting);
    else this.#unwritable.delete(topic);
    const failing = [...this.#unwritable.values()].filter(({ failures }) => failures > 0);
    this.#settings.onUnwritable?.(failing.length);
  }
}

function traced<T>({ records, oldestSeconds, traces }: Batch, work: () => Promise<T>): Promise<T> {
  const firstMessageId = records[0]?.headers.ce_id ?? '';
  return inSpan('relay', { messages: records.length, oldestSeconds, firstMessageId }, work, {
    root: true,
    from: traces,
  });
}
