import type { Progress } from '../repository.ts';

/** A PostgreSQL server for this run. */
export interface RunningPostgres {
  /** URL of an administrator, who may create roles and databases. */
  readonly adminUrl: string;
  readonly source: 'environment' | 'docker' | 'embedded';
  /** A crash (nothing is flushed) and the start after it. Only where the server is our own process. */
  readonly faults?: { crash(): Promise<void>; start(): Promise<void> };
  /** Stops what was started for this run. A server of the environment is not stopped. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** False is faster and not durable: for tests that do not kill the server. Default true. */
  readonly durable?: boolean;
  /** Skip the environment and Docker: for fault tests, which need a process of their own. */
  readonly only?: 'embedded';
  readonly logDirectory?: string;
  readonly progress?: Progress;
}

/** The settings of every server that we start. Statements and row contents are never logged. */
export function serverSettings(durable: boolean): string[] {
  const settings = [
    'max_connections=300',
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
  ];
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return settings.flatMap((setting) => ['-c', setting]);
}

/** The same encoding and collation everywhere, so that the sort order never depends on the machine. */
export const initdbFlags = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];
