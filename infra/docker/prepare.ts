/**
 * The one-shot job before the services start: every service's database and roles, its newest schema, and the topics.
 * Can be repeated. The owner role's password is new each time and ends with this job: between two runs nobody can
 * change a schema but the administrator.
 */
import { randomBytes } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { ConfigurationError, migrate, readConfig } from '@opennrm/runtime';
import { z } from 'zod';
import { passwordName } from '../deployment/regions.ts';
import { migrationsOf } from '../local/database/migrations.ts';
import { provisionDatabase, rolesOf } from '../local/database/provision.ts';
import { createTopics } from '../local/kafka/topics.ts';
import { manifests } from '../local/manifests.ts';

const services = manifests.map(({ name }) => name);
const password = z.string().regex(/^[\w-]{24,}$/, 'must be 24 or more letters, digits, - or _');

const settings = z.object({
  ADMIN_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  KAFKA_BROKERS: z.string().min(1),
});

async function prepare(service: string, adminUrl: string, servicePassword: string): Promise<void> {
  const { owner } = rolesOf(service);
  const passwordOf = (role: string) =>
    role === owner ? randomBytes(24).toString('base64url') : servicePassword;
  const { ownerUrl } = await provisionDatabase({ adminUrl, service, passwordOf });
  await migrate({ ownerUrl, directories: migrationsOf(service) });
  console.log(`${service}: database and schema are there`);
}

try {
  const { ADMIN_URL, KAFKA_BROKERS } = readConfig(settings.shape);
  const passwords = readConfig(
    Object.fromEntries(services.map((service) => [passwordName(service), password])),
  );
  for (const service of services)
    await prepare(service, ADMIN_URL, passwords[passwordName(service)] ?? '');
  await createTopics(KAFKA_BROKERS.split(','), Object.values(topics));
  console.log(`${Object.keys(topics).length} topics are there`);
} catch (error) {
  // an address with a password may be a part of other messages
  console.error(
    error instanceof ConfigurationError ? error.message : `prepare failed: ${codeOf(error)}`,
  );
  process.exit(1);
}

function codeOf(error: unknown): string {
  const { name, code, type } = (error ?? {}) as { name?: unknown; code?: unknown; type?: unknown };
  return [name, code, type].filter((part) => typeof part === 'string').join(' ');
}
