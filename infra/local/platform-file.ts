import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Platform } from './platform.ts';

export interface DescribedService {
  readonly databaseUrl: string;
  /** For the role that owns the tables; only migrate and rebuild need it. */
  readonly ownerUrl?: string;
  readonly healthUrl: string;
}

/** The addresses of a running platform, for `npm run ops`: Kafka, and the databases with the services' own roles. */
export interface PlatformFile {
  readonly kafkaBrokers: readonly string[];
  /** The file that drives business time. Without it business time is real time. */
  readonly clockFile?: string;
  /** The issuer whose tokens are accepted, as in the setting `IDENTITY` of the services. */
  readonly identity?: string;
  readonly services: Readonly<Record<string, DescribedService>>;
}

/** Writes the platform file, which only this account can read because it contains passwords. */
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
