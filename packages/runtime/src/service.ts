import { fileURLToPath } from 'node:url';
import type { Desks } from './actor.ts';
import type { Clock } from './clock.ts';
import type { ServiceSettings } from './config.ts';
import type { Instant } from './decision.ts';
import { type Access, GrpcServer } from './grpc/server.ts';
import { tokenVerifier } from './identity.ts';
import { requireSchema } from './migrate.ts';
import { type Database, openDatabase } from './postgres.ts';
import { businessClock, DATABASE_PART, type Lifecycle, runProcess } from './process.ts';
import { agreedNow, watchWallClock } from './wall-clock.ts';

export interface ServiceOptions {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly migrations: URL;
  /** For each rpc: who may call it, and whether it is a command. */
  readonly access: Readonly<Record<string, Access>>;
}

/** What a service uses after its settings are read and its schema is checked. */
export interface ServiceContext {
  readonly service: string;
  readonly brokers: readonly string[];
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
  /** Whether this process may judge deadlines by its clock now (design rule 17). */
  readonly clockAgrees: () => boolean;
  /** The current business time when the wall clock of this process agrees with the database's; otherwise undefined. */
  readonly agreedNow: () => Promise<Instant | undefined>;
  readonly database: Database;
  /** Creates the server for calls. @param database the database whose commits wake the relay. */
  grpcServer(options: {
    readonly database: Database;
    readonly desks: Desks;
    readonly hashKey?: Buffer;
  }): GrpcServer;
}

/** The number of calls a second that one organisation may send to one process. */
const CALLS_PER_SECOND = 500;

/** Starts a service: opens its database, refuses an older schema, lets `assemble` build its parts, and then answers calls. */
export function runService(
  { name, settings, migrations, access }: ServiceOptions,
  assemble: (context: ServiceContext) => Promise<GrpcServer>,
): Promise<void> {
  const healthHost = settings.GRPC_ADDRESS.replace(/:\d+$/, '');
  return runProcess({ name, healthHost, healthPort: settings.HEALTH_PORT }, async (lifecycle) => {
    const clock = businessClock(settings.CLOCK_FILE);
    const verify = tokenVerifier(settings.IDENTITY, lifecycle.log);
    const database = openDatabase(settings.DATABASE_URL, { name });
    lifecycle.onStop('database', () => database.close());
    await requireSchema(database, fileURLToPath(migrations));
    const part = lifecycle.parts.add(DATABASE_PART);
    const wallClock = watchWallClock({
      database,
      part,
      metrics: lifecycle.metrics,
      log: lifecycle.log,
    });
    lifecycle.onStop('wall clock', () => wallClock.stop());
    lifecycle.watchClock(() => wallClock.state());
    const clockAgrees = (): boolean => wallClock.state().agrees;
    const grpcServer: ServiceContext['grpcServer'] = (options) =>
      new GrpcServer({
        domain: `${name}.opennrm`,
        access,
        clock,
        verify,
        callsPerSecond: CALLS_PER_SECOND,
        log: lifecycle.log,
        latency: lifecycle.latency,
        ...options,
      });
    const server = await assemble({
      service: name,
      brokers: settings.KAFKA_BROKERS,
      lifecycle,
      clock,
      clockAgrees,
      agreedNow: () => agreedNow(clock, database),
      database,
      grpcServer,
    });
    await server.listen(settings.GRPC_ADDRESS);
    lifecycle.onStop('grpc', () => server.close());
  });
}
