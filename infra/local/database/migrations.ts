import { existsSync, readdirSync } from 'node:fs';
import { inRepository } from '../repository.ts';

/**
 * The migration folders of a service, in the order of running: what the packages bring, then its own. A name that is
 * no service (a package's own specs) gets the packages' alone.
 */
export const migrationsOf = (service: string): string[] =>
  ['packages/runtime', 'packages/messaging', `services/${service}`]
    .map((owner) => inRepository(`${owner}/migrations`))
    .filter(
      (directory) =>
        existsSync(directory) && readdirSync(directory).some((file) => file.endsWith('.sql')),
    );
