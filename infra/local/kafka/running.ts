import type { Progress } from '../repository.ts';

/** One broker that is our own process, so that a fault test can kill it and bring it back. */
export interface KafkaNode {
  readonly id: number;
  readonly address: string;
  pid(): number | undefined;
  /** SIGKILL; resolves when the process is gone. Its data stays. */
  kill(): Promise<void>;
  /** Starts it on its old port and data; resolves when it answers. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
}

/** An Apache Kafka for this run. */
export interface RunningKafka {
  /** `host:port`, never empty. */
  readonly brokers: readonly string[];
  readonly source: 'environment' | 'docker' | 'embedded';
  /** The brokers as processes of ours; empty unless embedded. */
  readonly nodes: readonly KafkaNode[];
  /** Ends what was started for this run; leaves a broker of the environment alone. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** Three: every partition on each of them, two must have a message before it is acknowledged. Implies `only: 'embedded'`. */
  readonly nodes?: 1 | 3;
  /** Skip the environment and Docker: for fault tests, which need processes of their own. */
  readonly only?: 'embedded';
  /** `development` starts fast and small; `benchmark` is the JVM as a server would run it. */
  readonly tuning?: 'development' | 'benchmark';
  /** The one node's port, and the address it gives to clients (e.g. a proxy's). Free and itself unless said. */
  readonly port?: number;
  readonly advertise?: string;
  readonly logDirectory?: string;
  readonly progress?: Progress;
}
