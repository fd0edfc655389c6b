import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServiceManifest } from '@opennrm/contracts/manifest';
import { z } from 'zod';
import { inRepository } from './repository.ts';

const name = z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'must be small words joined by hyphens');
/** Below the ports that systems give to outgoing connections (from 32768 on Linux), which would sometimes take one. */
const port = z.number().int().min(1_024).max(32_767);

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
  projections: z.record(z.string(), z.array(z.string()).min(1)).optional(),
});

/** A service that was found, and the folder that it was found in. */
export type FoundService = ServiceManifest & { readonly directory: string };

/** A manifest that is missing or wrong, with the file, the field and the rule. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/**
 * Every service of a folder, by its port.
 * @throws ManifestError for a folder without a manifest, a field that is missing, wrong or unknown, a name that is not its folder's, and a
 * port, a volume or a name that two services claim.
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
    throw new ManifestError(`${file}: there is none; each service states its name and ports in it`);
  const { default: content } = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const read = schema.safeParse(content);
  if (!read.success)
    throw new ManifestError(
      read.error.issues
        .map(({ path, message }) => `${file}: ${path.join('.') || 'default export'}: ${message}`)
        .join('\n'),
    );
  if (read.data.name !== folder)
    throw new ManifestError(`${file}: name: must be ${folder}, as its folder`);
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

/** Tables that hold only what one topic announced, by topic. */
export const projectionsOf = (
  services: readonly ServiceManifest[],
): ReadonlyMap<string, readonly string[]> =>
  new Map(services.flatMap(({ projections = {} }) => Object.entries(projections)));
