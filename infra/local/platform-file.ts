import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Platform } from './platform.ts';

export interface DescribedService {
  readonly databaseUrl: string;
  /** As the role that owns the tables; only migrate and rebuild need it. */
  readonly ownerUrl?: string;
  readonly healthUrl: string;
}

/** Where a running platform is, for `npm run ops`: databases as the services' own roles, and Kafka. */
export interface PlatformFile {
  readonly kafkaBrokers: readonly string[];
  /** Where business time is driven; real time runs without it. */
  readonly clockFile?: string;
  /** Whose tokens are taken, as in the setting `IDENTITY` of the services. */
  readonly identity?: string;
  readonly services: Readonly<Record<string, DescribedService>>;
}

/** Writes it to a file that only this account can read: it holds passwords. */
export async function writePlatformFile(
  { kafka, services, issuer, clock }: Platform,
  path: string,
): Promise<void> {
  const file: PlatformFile = {
    kafkaBrokers: kafka.brokers,
    identity: issuer.identity,
    ...(clock ? { clockFile: clock.path } : {}),
    services: Object.fromEntries(
      services.map(({ name, serviceUrl, ownerUrl, healthUrl }) => [
        name,
        { databaseUrl: serviceUrl, ownerUrl, healthUrl },
      ]),
    ),
  };
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.next`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}
