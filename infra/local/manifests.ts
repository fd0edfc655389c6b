import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Projection, ServiceManifest } from '@opennrm/contracts/manifest';
import { z } from 'zod';
import { inRepository } from './repository.ts';

const name = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/, 'must be words in lower case joined by hyphens');
/** Below the ports of outgoing connections (from 32768 on Linux), which could already use one. */
const port = z.number().int().min(1_024).max(32_767);

const projection = z.strictObject({ table: z.string().min(1), empty: z.string().min(1) });

const schema = z.strictObject({
  name,
  ports: z.strictObject({ grpc: port, health: port }),
  keys: z
    .strictObject({
      setting: z.string().regex(/^[A-Z][A-Z_]*$/, 'must be the name of an environment variable'),
      volume: name,
      file: z.string().min(1).optional(),
    })
    .optional(),
  caseReferences: z.string().min(1).optional(),
  mapsReferences: z.literal(true).optional(),
  holds: z.string().min(1).optional(),
  lockOrder: z
    .array(z.string().regex(/^[a-z_]+$/, 'must be the name of a table'))
    .min(1)
    .optional(),
  projections: z.record(z.string(), z.array(projection).min(1)).optional(),
});

/** A service and its folder. */
export type FoundService = ServiceManifest & { readonly directory: string };

/** Thrown for a missing or wrong manifest. The message names the file, the field and the rule. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/**
 * Every service of a folder, in the order of their ports.
 * @throws ManifestError for a folder without a manifest, a field that is missing, wrong or unknown, a name that differs from its folder, and a
 * port or a volume that two services claim.
 */
export async function readManifests(directory = inRepository('services')): Promise<FoundService[]> {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  const found = await Promise.all(
    folders.map((one) => readManifest(join(directory, one.name), one.name)),
  );
  refuseSharedPorts(found);
  return found.toSorted((one, other) => one.ports.grpc - other.ports.grpc);
}

async function readManifest(directory: string, folder: string): Promise<FoundService> {
  const file = join(directory, 'service.ts');
  if (!existsSync(file))
    throw new ManifestError(
      `${file}: does not exist; each service states its name and ports in it`,
    );
  const { default: content } = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const read = schema.safeParse(content);
  if (!read.success)
    throw new ManifestError(
      read.error.issues
        .map(({ path, message }) => `${file}: ${path.join('.') || 'default export'}: ${message}`)
        .join('\n'),
    );
  if (read.data.name !== folder)
    throw new ManifestError(`${file}: name: must be ${folder}, the name of its folder`);
  return { ...(read.data as ServiceManifest), directory };
}

function refuseSharedPorts(found: readonly FoundService[]): void {
  const claims = found.flatMap(({ name: service, ports, keys }) => [
    { claim: `port ${ports.grpc}`, service },
    { claim: `port ${ports.health}`, service },
    ...(keys ? [{ claim: `volume ${keys.volume}`, service }] : []),
  ]);
  for (const [claim, by] of Map.groupBy(claims, (one) => one.claim))
    if (by.length > 1)
      throw new ManifestError(
        `${claim} is claimed by ${by.map(({ service }) => service).join(' and ')}: each needs its own`,
      );
}

/** The services of this repository. */
export const manifests: readonly FoundService[] = await readManifests();

/** The tables that contain only data from one topic, by topic. */
export const projectionsOf = (
  services: readonly ServiceManifest[],
): ReadonlyMap<string, readonly Projection[]> =>
  new Map(services.flatMap(({ projections = {} }) => Object.entries(projections)));
