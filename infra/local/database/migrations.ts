import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from '../repository.ts';

/**
 * The migration folders of a service in their order: those of the packages, then its own. For a name that is not a service
 * (in specs of packages) only those of the packages.
 */
export const migrationsOf = (
  service: string,
  directory = inRepository(`services/${service}`),
): string[] =>
  [inRepository('packages/runtime'), inRepository('packages/messaging'), directory]
    .map((owner) => join(owner, 'migrations'))
    .filter(
      (directory) =>
        existsSync(directory) && readdirSync(directory).some((file) => file.endsWith('.sql')),
    );
