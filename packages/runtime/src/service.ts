import { fileURLToPath } from 'node:url';
import type { Desks } from './actor.ts';
import type { Clock } from './clock.ts';
import type { ServiceSettings } from './config.ts';
import type { Instant } from './decision.ts';
import { type Access, GrpcServer } from './grpc/server.ts';
import { tokenVerifier } from './identity.ts';
import { requireSchema } from './migrate.ts';
import { type Database, openDatabase } from './postgres.ts';
import { businessClock, DATABASE_PART, type Life, run } from './run.ts';
import { agreedNow, watchWallClock } from './wall-clock.ts';

export interface ServiceOptions {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly migrations: URL;
  /** Of each rpc: who may call it, and whether it is a command. */
  readonly access: Readonly<Record<string, Access>>;
}

/** What a service stands on once its settings are read and its database has the schema that it needs. */
export interface Ground {
  readonly service: string;
  readonly brokers: readonly string[];
  readonly life: Life;
  readonly clock: Clock;
  /** Whether deadlines may be judged by this process's clock now (design rule 17). */
  readonly clockAgrees: () => boolean;
  /** The business time of this moment, where this process's wall clock agrees with the database's; undefined where it does not. */
  readonly agreedNow: () => Promise<Instant | undefined>;
  readonly database: Database;
  /** The door for calls. @param database the one whose commits wake the relay. */
  door(options: { readonly database: Database; readonly desks: Desks; readonly hashKey?: Buffer }): GrpcServer;
}

/** Calls a second that one organisation may send to one process. */
const CALLS_PER_SECOND = 500;

/** Starts a service: opens its database, refuses an older schema, lets `join` put its parts together, and then answers calls. */
export function runService(
  { name, settings, migrations, access }: ServiceOptions,
  join: (ground: Ground) => Promise<GrpcServer>,
): Promise<void> {
  const healthHost = settings.GRPC_ADDRESS.replace(/:\d+$/, '');
  return run({ name, healthHost, healthPort: settings.HEALTH_PORT }, async (life) => {
    const clock = businessClock(settings.CLOCK_FILE);
    const verify = tokenVerifier(settings.IDENTITY, life.log);
    const database = openDatabase(settings.DATABASE_URL, { name });
    life.onStop('database', () => database.close());
    await requireSchema(database, fileURLToPath(migrations));
    const part = life.parts.add(DATABASE_PART);
    const wallClock = watchWallClock({ database, part, metrics: life.metrics, log: life.log });
    life.onStop('wall clock', () => wallClock.stop());
    life.watchClock(() => wallClock.state());
    const clockAgrees = (): boolean => wallClock.state().agrees;
    const door: Ground['door'] = (options) =>
      new GrpcServer({
        ...{ domain: `${name}.opennrm`, access, clock, verify, callsPerSecond: CALLS_PER_SECOND },
        ...{ log: life.log, latency: life.latency },
        ...options,
      });
    const server = await join({
      service: name,
      brokers: settings.KAFKA_BROKERS,
      life,
      clock,
      clockAgrees,
      agreedNow: () => agreedNow(clock, database),
      database,
      door,
    });
    await server.listen(settings.GRPC_ADDRESS);
    life.onStop('grpc', () => server.close());
  });
}
