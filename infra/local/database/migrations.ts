import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from '../repository.ts';

/**
 * The migration folders of a service, in the order of running: what the packages bring, then its own. A name that is
 * no service (a package's own specs) gets the packages' alone.
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
