import { join } from 'node:path';
import { topics } from '@opennrm/contracts/topics';
import { type ClockDriver, createClockDriver } from './clock-driver.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { findKafka } from './kafka/find.ts';
import type { RunningKafka } from './kafka/running.ts';
import { createTopics } from './kafka/topics.ts';
import { manifests } from './manifests.ts';
import { findPostgres } from './postgres/find.ts';
import type { RunningPostgres } from './postgres/running.ts';
import type { SupervisedProcess } from './process/supervise.ts';
import { scratchDirectory } from './reaper/scratch.ts';
import {
  prepare,
  type RunningService,
  resultOf,
  type ServiceOptions,
  startService,
} from './services.ts';

/** A platform on this machine: real PostgreSQL, real Kafka, every service a process of its own. */
export interface Platform {
  /** In the order of their ports. */
  readonly services: readonly RunningService[];
  /** The service with a name. @throws Error where there is none. */
  service(name: string): RunningService;
  readonly kafka: RunningKafka;
  readonly postgres: RunningPostgres;
  readonly issuer: Issuer;
  /** Undefined where business time is real time. */
  readonly clock: ClockDriver | undefined;
  /** The directory for the keys, tokens and clock of this run. */
  readonly directory: string;
  stop(): Promise<void>;
}

export interface PlatformOptions extends ServiceOptions {
  /** The start and rate of business time. Without it business time is real time. */
  readonly clock?: { readonly business: number; readonly rate: number };
  readonly durable?: boolean;
  /** PostgreSQL and Kafka as processes of this run, so that a fault test can kill them. */
  readonly only?: 'embedded';
  /** The number of brokers, 1 by default. Three are always embedded. */
  readonly brokers?: 1 | 3;
}

/** Starts the platform. When a part fails to start, everything is stopped. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    // a failed stop must not prevent the others
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
  const { progress, only, logDirectory } = options;
  const scratch = await scratchDirectory('platform');
  stops.push(() => scratch.remove());
  progress('Looking for PostgreSQL and Kafka …');
  const where = {
    progress,
    ...(only === undefined ? {} : { only }),
    ...(logDirectory === undefined ? {} : { logDirectory }),
  };
  const servers = await Promise.allSettled([
    findPostgres({ ...where, durable: options.durable ?? true }),
    findKafka({ ...where, nodes: options.brokers ?? 1 }),
  ]);
  for (const one of servers) if (one.status === 'fulfilled') stops.push(() => one.value.stop());
  const [postgres, kafka] = [resultOf(servers[0]), resultOf(servers[1])];
  progress(
    `PostgreSQL (${postgres.source}) and Apache Kafka (${kafka.source}) are ready. Making databases and topics …`,
  );
  const issuer = await createIssuer(scratch.path);
  const clock = options.clock && createClockDriver(join(scratch.path, 'clock.json'), options.clock);
  const resources = { options, postgres, kafka, issuer, clock, directory: scratch.path };
  const found = options.services ?? manifests;
  const [topicsMade, ...databasesMade] = await Promise.allSettled([
    createTopics(kafka.brokers, Object.values(topics)),
    ...found.map((one) => prepare(one, resources)),
  ]);
  resultOf(topicsMade);
  const prepared = databasesMade.map(resultOf);
  progress(`Starting ${found.map(({ name }) => name).join(', ')} …`);
  const up: SupervisedProcess[] = [];
  stops.push(async () => void (await Promise.allSettled(up.map((one) => one.stop()))));
  const started = await Promise.allSettled(prepared.map((one) => startService(one, resources, up)));
  const services = started.map(resultOf);
  const service = (name: string): RunningService => {
    const one = services.find((running) => running.name === name);
    if (!one)
      throw new Error(
        `There is no service "${name}"; there are ${services.map((running) => running.name).join(', ')}.`,
      );
    return one;
  };
  return { services, service, kafka, postgres, issuer, clock, directory: scratch.path, stop };
}
