import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Platform } from './platform.ts';

/** Where a running platform is, for `npm run ops`: databases as the services' own roles, and Kafka. */
export interface PlatformFile {
  readonly kafkaBrokers: readonly string[];
  readonly services: Readonly<Record<string, { readonly databaseUrl: string; readonly healthUrl: string }>>;
}

/** Writes it to a file that only this account can read: it holds passwords. */
export async function writePlatformFile({ kafka, services }: Platform, path: string): Promise<void> {
  const file: PlatformFile = {
    kafkaBrokers: kafka.brokers,
    services: Object.fromEntries(
      Object.entries(services).map(([name, one]) => [name, { databaseUrl: one.serviceUrl, healthUrl: one.healthUrl }]),
    ),
  };
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.next`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
