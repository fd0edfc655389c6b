/** A message on its way to Kafka. */
export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** A message as Kafka has it; nothing about it is trusted yet. */
export interface Received {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array | undefined;
}

export interface Consuming {
  /** Nobody else uses this group, not even for other topics. */
  readonly group: string;
  readonly topics: readonly string[];
  /** At most so many messages are handed over at once. */
  readonly sliceSize: number;
  /** Messages of one partition in order. When it returns they are done with; when it throws they come again. */
  handle(slice: readonly Received[], heartbeat: () => Promise<void>): Promise<void>;
  /** The client has asked a broker for messages, or told one that it lives. */
  onActive?(): void;
  /** The consumer has stopped for good. */
  fatal(reason: string): void;
}

/** All that this platform asks of a Kafka client (see `docs/decisions` for why it is so little). */
export interface Kafka {
  /**
   * Sends in order and waits for every in-sync replica. Rejected: nothing is known about any of the records, so the caller sends the
   * **same** records again; they then go through a new producer.
   */
  send(records: readonly KafkaRecord[]): Promise<void>;
  /** The same over connections made for it alone, which no other send waits for or shares. Waits a moment for a topic that is new. */
  sendSeparately(records: readonly KafkaRecord[]): Promise<void>;
  consume(consuming: Consuming): Promise<{ stop(): Promise<void> }>;
  /** How many messages of each topic a group has still to read, as the broker counts them: also while its readers are stuck. */
  lag(
    group: string,
    topics: readonly string[],
  ): Promise<{ readonly topic: string; readonly lag: number }[]>;
  close(): Promise<void>;
}

/** The broker will never take one of these records itself, however often it is sent: too large, or corrupt. Never a fault of the topic. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
}
