import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@opennrm/runtime';
import type { ClockDriver } from './clock-driver.ts';
import { migrationsOf } from './database/migrations.ts';
import { provisionDatabase } from './database/provision.ts';
import type { Issuer } from './issuer.ts';
import type { RunningKafka } from './kafka/running.ts';
import type { FoundService } from './manifests.ts';
import { freePort, isFree } from './ports.ts';
import type { RunningPostgres } from './postgres/running.ts';
import { type SupervisedProcess, superviseProcess } from './process/supervise.ts';
import { inRepository, type Progress } from './repository.ts';

/** One process of a service. */
export interface Replica {
  readonly grpcAddress: string;
  readonly healthUrl: string;
  readonly process: SupervisedProcess;
}

/** A service; its address and process are those of its first replica. */
export interface RunningService extends Replica {
  readonly name: string;
  /** The database as its owner and as the service itself, for checks. */
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  readonly replicas: readonly Replica[];
}

/** How the services of a platform are to run. */
export interface ServiceOptions {
  /** A folder under `infra/countries`. */
  readonly countryPack: string;
  /** The services to run; those of this repository unless others are given. */
  readonly services?: readonly FoundService[];
  /** `fixed`: those of the manifests, so that a README can name them. */
  readonly ports?: 'fixed' | 'free';
  /** Processes of each service, which share its database, its partitions, its clocks and its relay. One unless said. */
  readonly replicas?: number;
  /** Settings of a service that differ from the platform's own: the address of a proxy, for one. */
  readonly environment?: (service: string, databaseUrl: string) => Readonly<Record<string, string>>;
  /** Where the processes of this platform log; two platforms at the same time need two. Default `.opennrm/logs`. */
  readonly logDirectory?: string;
  readonly progress: Progress;
}

/** What every service of a platform stands on. */
export interface PlatformResources {
  readonly options: ServiceOptions;
  readonly postgres: RunningPostgres;
  readonly kafka: RunningKafka;
  readonly issuer: Issuer;
  readonly clock: ClockDriver | undefined;
  readonly directory: string;
}

/** A service with its database and its ports, before it runs. */
export interface Prepared {
  readonly service: FoundService;
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  /** One for each replica. */
  readonly ports: readonly { readonly grpc: number; readonly health: number }[];
}

/** A killed service's consumer group lets it in again only when the old session is over (12 s). */
const READY_WITHIN_MS = 120_000;

/** Makes and migrates the service's database, and chooses its ports. */
export async function prepare(
  service: FoundService,
  { options, postgres }: PlatformResources,
): Promise<Prepared> {
  const { ownerUrl, serviceUrl } = await provisionDatabase({
    adminUrl: postgres.adminUrl,
    service: service.name,
    fresh: postgres.source !== 'environment',
  });
  await migrate({
    ownerUrl,
    directories: migrationsOf(service.name, service.directory),
  });
  const ports: { grpc: number; health: number }[] = [];
  for (let replica = 0; replica < (options.replicas ?? 1); replica++) {
    const fixed = options.ports === 'fixed' && replica === 0;
    const grpc = fixed ? await reservePort(service.ports.grpc) : await freePort();
    ports.push({
      grpc,
      health: fixed ? await reservePort(service.ports.health) : await freePort(),
    });
  }
  return { service, ownerUrl, serviceUrl, ports };
}

/** A second platform on the same ports would take the first one's answers for its own. */
async function reservePort(port: number): Promise<number> {
  if (await isFree(port)) return port;
  throw new Error(
    `Port ${port} is in use; end what listens there (another \`npm start\`?) and start again.`,
  );
}

/** Where a service finds the keys that it keeps outside its database. */
const keySettings = ({ keys }: FoundService, directory: string): Record<string, string> =>
  keys ? { [keys.setting]: join(directory, keys.volume, keys.file ?? '.') } : {};

/** Starts the replicas of a service; each is put into `up` once it runs. */
export async function startService(
  prepared: Prepared,
  resources: PlatformResources,
  up: SupervisedProcess[],
): Promise<RunningService> {
  const { service, ownerUrl, serviceUrl } = prepared;
  const { name } = service;
  mkdirSync(resources.directory, { recursive: true });
  const outcomes = await Promise.allSettled(
    prepared.ports.map(async (_ports, nth) => {
      const replica = await startReplica(prepared, nth, resources);
      up.push(replica.process);
      return replica;
    }),
  );
  const replicas = outcomes.map(resultOf);
  const [first] = replicas;
  if (!first) throw new Error(`replicas: ${name} needs one at least`);
  return { ...first, name, ownerUrl, serviceUrl, replicas };
}

async function startReplica(
  { service, serviceUrl, ports }: Prepared,
  nth: number,
  resources: PlatformResources,
): Promise<Replica> {
  const { options, kafka, issuer, clock, directory } = resources;
  const { name } = service;
  const { grpc = 0, health = 0 } = ports[nth] ?? {};
  const [grpcAddress, healthUrl] = [`127.0.0.1:${grpc}`, `http://127.0.0.1:${health}`];
  const supervised = await superviseProcess({
    name: nth === 0 ? name : `${name}-${nth + 1}`,
    command: process.execPath,
    args: ['--disable-warning=TimeoutNegativeWarning', join(service.directory, 'src/main.ts')],
    env: {
      DATABASE_URL: serviceUrl,
      KAFKA_BROKERS: kafka.brokers.join(','),
      GRPC_ADDRESS: grpcAddress,
      HEALTH_PORT: String(health),
      COUNTRY_PACK: options.countryPack,
      IDENTITY: issuer.identity,
      KAFKAJS_NO_PARTITIONER_WARNING: '1',
      // Half of a start is the compilation of modules: what one process compiled, the next reads.
      NODE_COMPILE_CACHE: inRepository('.opennrm/compile-cache'),
      ...(clock ? { CLOCK_FILE: clock.path } : {}),
      ...keySettings(service, directory),
      ...options.environment?.(name, serviceUrl),
    },
    restart: true,
    readyUrl: `${healthUrl}/ready`,
    readyWithin: READY_WITHIN_MS,
    progress: options.progress,
    ...(options.logDirectory === undefined ? {} : { logDirectory: options.logDirectory }),
  });
  return { grpcAddress, healthUrl, process: supervised };
}

/** @throws why it failed, when it did. */
export function resultOf<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}
