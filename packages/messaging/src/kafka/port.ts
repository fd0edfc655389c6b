/** A message to be sent to Kafka. */
export interface KafkaRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

/** A message as received from Kafka. Nothing in it is trusted yet. */
export interface Received {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array | undefined;
}

export interface Consuming {
  /** No other consumer uses this group, not even for other topics. */
  readonly group: string;
  readonly topics: readonly string[];
  /** The largest number of messages that are handed over at once. */
  readonly sliceSize: number;
  /** Receives messages of one partition in order. When it returns, they are done. When it throws, they are delivered again. */
  handle(slice: readonly Received[], heartbeat: () => Promise<void>): Promise<void>;
  /** The client has fetched messages or sent a heartbeat. */
  onActive?(): void;
  /** The consumer has stopped for good. */
  fatal(reason: string): void;
}

/** All that this platform needs from a Kafka client (`docs/decisions` explains why it is so little). */
export interface Kafka {
  /**
   * Sends in order and waits for every in-sync replica. After a rejection the state of all records is unknown: the caller sends the
   * **same** records again, over a new producer.
   */
  send(records: readonly KafkaRecord[]): Promise<void>;
  /** Like `send`, but over new connections that no other send shares or waits for. Retries for a short time when the topic is new. */
  sendSeparately(records: readonly KafkaRecord[]): Promise<void>;
  consume(consuming: Consuming): Promise<{ stop(): Promise<void> }>;
  /** How many messages of each topic a group has still to read, as the broker counts them. Works also while the readers are stuck. */
  lag(
    group: string,
    topics: readonly string[],
  ): Promise<{ readonly topic: string; readonly lag: number }[]>;
  close(): Promise<void>;
}

/** The broker will never accept one of these records, because it is too large or corrupt. Never a fault of the topic. */
export class RecordRefused extends Error {
  override readonly name = 'RecordRefused';
}
