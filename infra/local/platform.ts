import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@opennrm/contracts/topics';
import { migrate } from '@opennrm/runtime';
import { type ClockDriver, createClockDriver } from './clock-driver.ts';
import { migrationsOf } from './database/migrations.ts';
import { provisionDatabase } from './database/provision.ts';
import { scratchDirectory } from './guardian/scratch.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { findKafka } from './kafka/find.ts';
import type { RunningKafka } from './kafka/running.ts';
import { createTopics } from './kafka/topics.ts';
import { freePort, isFree } from './ports.ts';
import { findPostgres } from './postgres/find.ts';
import type { RunningPostgres } from './postgres/running.ts';
import { type SupervisedProcess, superviseProcess } from './process/supervise.ts';
import { inRepository, type Progress } from './repository.ts';

/** Every service, in the order in which `npm start` numbers their ports. */
export const services = ['referral', 'shelter-capacity', 'case-vault', 'identification-intake'] as const;
export type ServiceName = (typeof services)[number];

export interface RunningService {
  readonly grpcAddress: string;
  readonly healthUrl: string;
  /** The database as its owner and as the service itself, for checks. */
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  readonly process: SupervisedProcess;
}

/** Everything on this machine: real PostgreSQL, real Kafka, every service a process of its own. */
export interface Platform {
  readonly services: Readonly<Record<ServiceName, RunningService>>;
  readonly kafka: RunningKafka;
  readonly postgres: RunningPostgres;
  readonly issuer: Issuer;
  /** Undefined where real time runs. */
  readonly clock: ClockDriver | undefined;
  /** Keys, tokens and clock of this run. */
  readonly directory: string;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  /** A folder under `infra/countries`. */
  readonly countryPack: string;
  /** Drives business time; without it real time runs. */
  readonly clock?: { readonly business: number; readonly rate: number };
  /** `fixed`: 50051… for gRPC and 9101… for health, so that a README can name them. */
  readonly ports?: 'fixed' | 'free';
  readonly durable?: boolean;
  /** PostgreSQL and Kafka as processes of this run, so that a fault test can kill them. */
  readonly only?: 'embedded';
  /** Settings of a service that differ from the platform's own: the address of a proxy, for one. */
  readonly environment?: (service: ServiceName) => Readonly<Record<string, string>>;
  readonly progress: Progress;
}

/** Brings the platform up; whatever fails, nothing is left running. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    // one that fails must not keep the others running
    for (const one of stops.splice(0).reverse()) await one().catch(() => undefined);
  };
  try {
    return await bringUp(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(
  options: PlatformOptions,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Platform> {
  const { progress, only } = options;
  const scratch = await scratchDirectory('platform');
  stops.push(() => scratch.remove());
  progress('Looking for PostgreSQL and Kafka …');
  const where = { progress, ...(only ? { only } : {}) };
  const found = await Promise.allSettled([
    findPostgres({ ...where, durable: options.durable ?? true }),
    findKafka(where),
  ]);
  for (const one of found) if (one.status === 'fulfilled') stops.push(() => one.value.stop());
  const [postgres, kafka] = [resultOf(found[0]), resultOf(found[1])];
  progress(
    `PostgreSQL (${postgres.source}) and Apache Kafka (${kafka.source}) are there. Making databases and topics …`,
  );
  await createTopics(kafka.brokers, Object.values(topics));
  const issuer = await createIssuer(scratch.path);
  const clock = options.clock && createClockDriver(join(scratch.path, 'clock.json'), options.clock);
  const ground = { options, postgres, kafka, issuer, clock, directory: scratch.path };
  const prepared: Prepared[] = [];
  for (const [nth, name] of services.entries()) prepared.push(await prepare(name, nth, ground));
  progress(`Starting ${services.join(', ')} …`);
  const started = await Promise.allSettled(prepared.map((one) => startService(one, ground)));
  const up = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value[1].process] : []));
  stops.push(async () => void (await Promise.allSettled(up.map((one) => one.stop()))));
  const running = Object.fromEntries(started.map(resultOf)) as Record<ServiceName, RunningService>;
  return { services: running, kafka, postgres, issuer, clock, directory: scratch.path, stop };
}

function resultOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

interface Ground {
  readonly options: PlatformOptions;
  readonly postgres: RunningPostgres;
  readonly kafka: RunningKafka;
  readonly issuer: Issuer;
  readonly clock: ClockDriver | undefined;
  readonly directory: string;
}

interface Prepared {
  readonly name: ServiceName;
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  readonly grpcAddress: string;
  readonly healthPort: number;
}

const FIRST_GRPC_PORT = 50_051;
const FIRST_HEALTH_PORT = 9_101;
/** A killed service's consumer group lets it in again only when the old session is over (45 s). */
const READY_WITHIN_MS = 120_000;

async function prepare(name: ServiceName, nth: number, { options, postgres }: Ground): Promise<Prepared> {
  const { ownerUrl, serviceUrl } = await provisionDatabase({
    adminUrl: postgres.adminUrl,
    service: name,
    fresh: postgres.source !== 'environment',
  });
  await migrate({ ownerUrl, directories: migrationsOf(name) });
  const fixed = options.ports === 'fixed';
  const grpcPort = fixed ? await own(FIRST_GRPC_PORT + nth) : await freePort();
  const healthPort = fixed ? await own(FIRST_HEALTH_PORT + nth) : await freePort();
  return { name, ownerUrl, serviceUrl, grpcAddress: `127.0.0.1:${grpcPort}`, healthPort };
}

/** A second platform on the same ports would take the first one's answers for its own. */
async function own(port: number): Promise<number> {
  if (await isFree(port)) return port;
  throw new Error(`Port ${port} is in use; end what listens there (another \`npm start\`?) and start again.`);
}

/** Settings that one service has besides those of all. */
const ownSettings = (name: ServiceName, directory: string): Record<string, string> => {
  if (name === 'case-vault') return { KEY_DIRECTORY: join(directory, 'vault-keys') };
  return name === 'shelter-capacity' ? { ADDRESS_KEY_FILE: join(directory, 'shelter-keys', 'addresses.key') } : {};
};

async function startService(prepared: Prepared, ground: Ground): Promise<[ServiceName, RunningService]> {
  const { name, ownerUrl, serviceUrl, grpcAddress, healthPort } = prepared;
  const { options, kafka, issuer, clock, directory } = ground;
  mkdirSync(directory, { recursive: true });
  const healthUrl = `http://127.0.0.1:${healthPort}`;
  const supervised = await superviseProcess({
    name,
    command: process.execPath,
    args: ['--disable-warning=TimeoutNegativeWarning', inRepository(`services/${name}/src/main.ts`)],
    env: {
      ...{
        DATABASE_URL: serviceUrl,
        KAFKA_BROKERS: kafka.brokers.join(','),
        GRPC_ADDRESS: grpcAddress,
        HEALTH_PORT: String(healthPort),
      },
      ...{ COUNTRY_PACK: options.countryPack, IDENTITY_JWKS: issuer.jwksPath, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
      ...(clock ? { CLOCK_FILE: clock.path } : {}),
      ...ownSettings(name, directory),
      ...options.environment?.(name),
    },
    restart: true,
    readyUrl: `${healthUrl}/ready`,
    readyWithin: READY_WITHIN_MS,
    progress: options.progress,
  });
  return [name, { grpcAddress, healthUrl, ownerUrl, serviceUrl, process: supervised }];
}
