import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { type Clock, fileClock, realClock } from './clock.ts';
import { ConfigurationError } from './config.ts';
import { type HealthServer, serveHealth } from './health.ts';
import { createLog, type Log } from './log.ts';
import { Parts } from './parts.ts';
import { startTracing } from './telemetry/tracing.ts';
import type { ClockState } from './wall-clock.ts';

/** What a starting service may use, and where it registers what must be stopped. */
export interface Lifecycle {
  readonly log: Log;
  readonly metrics: Registry;
  readonly latency: Histogram<'rpc' | 'code'>;
  /** The parts that must keep moving, for `/parts`, metrics and alerts. */
  readonly parts: Parts;
  /** Registers the state of the wall clock for `/parts`. */
  watchClock(state: () => ClockState): void;
  /** Registers a stop. Stops run in the reverse order of starting, each for at most ten seconds. */
  onStop(name: string, stop: () => Promise<void>): void;
  /** The process cannot continue: it stops and exits with 1, so that the supervisor starts it again. */
  fatal(reason: string): void;
}

export interface RunOptions {
  readonly name: string;
  /** The host of health and metrics: the same interface as that of the calls. */
  readonly healthHost: string;
  readonly healthPort: number;
}

const STOP_LIMIT_MS = 10_000;

/**
 * Runs a service process: starts, becomes ready, answers until SIGTERM or SIGINT, drains, stops. Wrong settings end it at once with one
 * message that names all of them.
 */
export async function runProcess(
  options: RunOptions,
  start: (lifecycle: Lifecycle) => Promise<void>,
): Promise<void> {
  const log = createLog(options.name);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const stops: { name: string; stop: () => Promise<void> }[] = [];
  let stopping = false;
  let health: HealthServer | undefined;
  const end = async (exitCode: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    health?.setReady(false);
    for (const { name, stop } of stops.reverse()) {
      const late = new Promise<void>((resolve) =>
        setTimeout(
          () => resolve(log.warn({ part: name }, 'did not stop in time')),
          STOP_LIMIT_MS,
        ).unref(),
      );
      await Promise.race([
        stop().catch(() => log.warn({ part: name }, 'failed while stopping')),
        late,
      ]);
    }
    await health?.close();
    log.info('stopped');
    process.exit(exitCode);
  };
  const fatal = (reason: string): void => {
    log.fatal({ reason }, 'cannot continue');
    void end(1);
  };
  process.once('SIGTERM', () => void end(0));
  process.once('SIGINT', () => void end(0));
  process.once('uncaughtException', (error) => fatal(`uncaught ${reasonOf(error)}`));
  process.once('unhandledRejection', (error) => fatal(`unhandled ${reasonOf(error)}`));
  const latency = new Histogram({
    name: 'opennrm_call_seconds',
    help: 'Latency of gRPC calls',
    labelNames: ['rpc', 'code'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  const parts = new Parts(metrics);
  let clock: () => ClockState | undefined = () => undefined;
  health = await serveHealth(options.healthHost, options.healthPort, metrics, {
    notReadyReason: () => notReadyReason(parts),
    parts: () => ({ ...parts.state(), clock: clock() }),
  });
  const stopTracing = startTracing(options.name, log);
  if (stopTracing) stops.push({ name: 'traces', stop: stopTracing });
  const onStop: Lifecycle['onStop'] = (name, stop) => void stops.push({ name, stop });
  try {
    const watchClock: Lifecycle['watchClock'] = (state) => {
      clock = state;
    };
    await start({ log, metrics, latency, parts, watchClock, fatal, onStop });
  } catch (error) {
    return fatal(`${options.name} cannot start: ${reasonOf(error)}`);
  }
  health.setReady(true);
  log.info('ready');
}

const DATABASE_SILENT_AFTER_SECONDS = 6;

/** Calls need only the database. A broker that is away must not refuse an emergency. */
export function notReadyReason(parts: Pick<Parts, 'ageOf'>): string | undefined {
  const age = parts.ageOf(DATABASE_PART);
  return age !== undefined && age > DATABASE_SILENT_AFTER_SECONDS
    ? 'the database does not answer, or takes no writes'
    : undefined;
}

/** The part that moves when the database answers and is writable. */
export const DATABASE_PART = 'database';

/** What an operator may read of an error: the message of a configuration error, otherwise only name and code. */
function reasonOf(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return [name, code].filter((part) => typeof part === 'string').join(' ') || typeof error;
}

/** Reads settings, and ends the process with one message when they are wrong. */
export function settingsOrExit<Settings>(read: () => Settings): Settings {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Real time, unless a driven clock is configured. Production refuses a driven clock (design rule 17). */
export function businessClock(file: string | undefined): Clock {
  if (file === undefined) return realClock;
  if (process.env.NODE_ENV === 'production')
    throw new ConfigurationError('CLOCK_FILE: a driven clock never starts in production');
  return fileClock(file);
}
