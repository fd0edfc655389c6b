import type { Progress } from '../repository.ts';

/** A PostgreSQL server for this run. */
export interface RunningPostgres {
  /** URL of an administrator: may create roles and databases. */
  readonly adminUrl: string;
  readonly source: 'environment' | 'docker' | 'embedded';
  /** Only where the server is our own process: a crash (nothing is flushed) and the start after it. */
  readonly faults?: { crash(): Promise<void>; start(): Promise<void> };
  /** Ends what was started for this run; leaves a server of the environment alone. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** False gives up durability for speed: for tests that do not kill the server. Default true. */
  readonly durable?: boolean;
  /** Skip the environment and Docker: for fault tests, which need a process of their own. */
  readonly only?: 'embedded';
  readonly logDirectory?: string;
  readonly progress?: Progress;
}

/** What a server of ours is told, wherever it runs. Statements and row contents never reach its log. */
export function serverSettings(durable: boolean): string[] {
  const settings = [
    'max_connections=300',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
  ];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return settings.flatMap((setting) => ['-c', setting]);
}

/** One encoding and one collation wherever it runs, so that a sort order never depends on the machine. */
export const initdbFlags = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];
