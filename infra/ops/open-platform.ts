import { readFile } from 'node:fs/promises';
import { topics } from '@opennrm/contracts/topics';
import type { PlatformFile } from '@opennrm/infra/local';
import type { DatabaseReader } from '@opennrm/infra/promises';
import { type Database, fileClock, openDatabase, realClock } from '@opennrm/runtime';
import { z } from 'zod';

/** An error that the operator can correct; shown without a stack trace. */
export class OpsError extends Error {
  override readonly name = 'OpsError';
}

/** The platform, or a part of it, does not answer. */
export class Unreachable extends OpsError {}

export type KnownTopic = (typeof topics)[keyof typeof topics];

export interface OpenPlatform {
  readonly kafkaBrokers: readonly string[];
  readonly services: ReadonlyMap<string, Database>;
  readonly file: PlatformFile;
  /** All databases, and the clock that the services use. */
  readonly reader: DatabaseReader;
  /** @throws OpsError that lists the existing services. */
  service(name: string): Database;
  /** The database with the role that owns the tables, for work that a service may not do. @throws OpsError when the file has no URL of that role. */
  owner(name: string): Database;
  close(): Promise<void>;
}

export async function openPlatform(path: string): Promise<OpenPlatform> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Unreachable(
      `${path} does not exist: is the platform running (npm start), or does another file describe it (--platform <file>)?`,
    );
  });
  const file = described(path, text);
  const open: Database[] = [];
  const opened = (url: string): Database => {
    const database = openDatabase(url, { name: 'ops', size: 2 });
    open.push(database);
    return database;
  };
  const services = new Map(
    Object.entries(file.services).map(([name, { databaseUrl }]) => [name, opened(databaseUrl)]),
  );
  const known = (name: string) => {
    const service = Object.hasOwn(file.services, name) ? file.services[name] : undefined;
    if (!service)
      throw new OpsError(
        `There is no service "${name}"; there are ${[...services.keys()].join(', ')}.`,
      );
    return service;
  };
  const service = (name: string): Database => services.get(name) ?? opened(known(name).databaseUrl);
  const clock = file.clockFile === undefined ? realClock : fileClock(file.clockFile);
  return {
    kafkaBrokers: file.kafkaBrokers,
    services,
    file,
    service,
    reader: {
      services: [...services.keys()],
      rows: async (name, sql) => (await service(name).query(sql)).rows as never,
      now: () => clock.now(),
    },
    owner(name) {
      const { ownerUrl } = known(name);
      if (ownerUrl === undefined)
        throw new OpsError(
          `The platform file has no URL of the role that owns the tables of ${name} (\`ownerUrl\`).`,
        );
      return opened(ownerUrl);
    },
    close: async () => void (await Promise.all(open.map((database) => database.close()))),
  };
}

const platformFile: z.ZodType<PlatformFile> = z.object({
  kafkaBrokers: z.array(z.string()),
  clockFile: z.string().exactOptional(),
  identity: z.string().exactOptional(),
  services: z.record(
    z.string(),
    z.object({
      databaseUrl: z.string(),
      ownerUrl: z.string().exactOptional(),
      healthUrl: z.string(),
    }),
  ),
});

/** @throws OpsError that names the wrong field of a file, never its content, which has passwords. */
function described(path: string, text: string): PlatformFile {
  const wrong = (where: string) =>
    new OpsError(
      `${path} describes no platform: ${where}. npm start writes one; name another with --platform <file>.`,
    );
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw wrong('it is not JSON');
  }
  const read = platformFile.safeParse(content);
  if (read.success) return read.data;
  throw wrong(
    read.error.issues
      .map(({ path: field, code }) => `${field.join('.') || 'all of it'} (${code})`)
      .join(', '),
  );
}

/** @throws OpsError that lists the existing topics. */
export function topicOf(name: string): KnownTopic {
  const all: KnownTopic[] = Object.values(topics);
  const topic = all.find((one) => one.name === name);
  if (!topic)
    throw new OpsError(
      `There is no topic "${name}"; there are ${all.map((one) => one.name).join(', ')}.`,
    );
  return topic;
}

const time = z.iso.datetime({ offset: true });
/** No platform has older data. Kafka reads the timestamp -1 (in 1969) as the end of a topic. */
const EARLIEST = Date.UTC(2000, 0, 1);

/** Reads an instant in the format of RFC 3339, with its zone. @throws OpsError that names the option. */
export function instantOf(option: string, text: string): Date {
  const at = new Date(text);
  if (!time.safeParse(text).success || !(at.getTime() >= EARLIEST))
    throw new OpsError(`${option}: "${text}" is not a time such as 2026-11-23T04:00:00Z.`);
  return at;
}
