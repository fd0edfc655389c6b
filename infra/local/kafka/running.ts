import type { Progress } from '../repository.ts';

/** One broker that is our own process, so that a fault test can kill it and start it again. */
export interface KafkaNode {
  readonly id: number;
  readonly address: string;
  pid(): number | undefined;
  /** Sends SIGKILL; resolves when the process has ended. Its data stays. */
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
  /** The brokers that are our own processes; empty unless embedded. */
  readonly nodes: readonly KafkaNode[];
  /** Stops what was started for this run. A broker of the environment is not stopped. */
  stop(): Promise<void>;
}

export interface KafkaOptions {
  /** With three, every partition is on each node, and two must have a message before it is acknowledged. Implies `only: 'embedded'`. */
  readonly nodes?: 1 | 3;
  /** Skip the environment and Docker: for fault tests, which need processes of their own. */
  readonly only?: 'embedded';
  /** `development` is small and starts quickly; `benchmark` has the JVM settings of a server. */
  readonly tuning?: 'development' | 'benchmark';
  /** The port of the first node, by default a free one. */
  readonly port?: number;
  /** The address that the first node advertises (e.g. a proxy's), by default its own. */
  readonly advertise?: string;
  readonly logDirectory?: string;
  readonly progress?: Progress;
}
