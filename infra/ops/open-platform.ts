import { readFile } from 'node:fs/promises';
import type { PlatformFile } from '@opennrm/infra/local';
import { type Database, openDatabase } from '@opennrm/runtime';

/** Something that the operator can mend; shown without a stack. */
export class OpsError extends Error {
  override readonly name = 'OpsError';
}

export interface OpenPlatform {
  readonly kafkaBrokers: readonly string[];
  readonly services: ReadonlyMap<string, Database>;
  /** @throws OpsError naming the services that there are. */
  service(name: string): Database;
  close(): Promise<void>;
}

export async function openPlatform(path: string): Promise<OpenPlatform> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new OpsError(
      `${path} is not there: is the platform up (npm start), or is it described elsewhere (--platform <file>)?`,
    );
  });
  const file = JSON.parse(text) as PlatformFile;
  const services = new Map(
    Object.entries(file.services).map(([name, { databaseUrl }]) => [
      name,
      openDatabase(databaseUrl, { name: 'ops', size: 2 }),
    ]),
  );
  return {
    ...{ kafkaBrokers: file.kafkaBrokers, services },
    service(name) {
      const database = services.get(name);
      if (!database) throw new OpsError(`There is no service "${name}"; there are ${[...services.keys()].join(', ')}.`);
      return database;
    },
    close: async () => void (await Promise.all([...services.values()].map((database) => database.close()))),
  };
}
