import type { Transaction } from '@opennrm/runtime';
import { providers } from './providers.ts';

/** Which provider a service or a hold belongs to. A transaction remembers what it has read, and what it has stored of a service. */
interface Owned {
  readonly id: string;
  readonly providerId: string;
}

type Kind = 'service' | 'hold';

const remember = (tx: Transaction, kind: Kind, { id, providerId }: Owned): void =>
  void tx.memory.set(`provider of ${kind} ${id}`, providerId);
const remembered = (tx: Transaction, kind: Kind, id: string): string | undefined =>
  tx.memory.get(`provider of ${kind} ${id}`) as string | undefined;

/** The provider of a service, as the directory announced it; undefined before that. */
export async function providerOfService(
  tx: Transaction,
  serviceId: string,
): Promise<string | undefined> {
  const known = remembered(tx, 'service', serviceId);
  if (known !== undefined) return known;
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-service',
    text: 'SELECT provider_id FROM service_provider WHERE service_id = $1',
    values: [serviceId],
  });
  return rows[0]?.provider_id;
}

/** The provider of a hold; undefined where no provider here ever had it. */
export async function providerOfHold(tx: Transaction, holdId: string): Promise<string | undefined> {
  const known = remembered(tx, 'hold', holdId);
  if (known !== undefined) return known;
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-hold',
    text: 'SELECT provider_id FROM hold_provider WHERE hold_id = $1',
    values: [holdId],
  });
  return rows[0]?.provider_id;
}

/** Locks and reads these providers, and those of these services and holds, in the order of their ids. */
export async function lockProvidersOf(
  tx: Transaction,
  of: {
    readonly providerIds: readonly string[];
    readonly serviceIds: readonly string[];
    readonly holdIds: readonly string[];
  },
): Promise<void> {
  const { rows } = await tx.query<Owned & { kind: Kind }>({
    name: 'providers-of-all',
    text: `SELECT 'service' AS kind, service_id AS id, provider_id AS "providerId" FROM service_provider WHERE service_id = ANY ($1::uuid[])
           UNION ALL SELECT 'hold', hold_id, provider_id FROM hold_provider WHERE hold_id = ANY ($2::uuid[])`,
    values: [of.serviceIds, of.holdIds],
  });
  for (const { kind, ...owned } of rows) remember(tx, kind, owned);
  await providers.lockAll(tx, of.providerIds.concat(rows.map(({ providerId }) => providerId)));
}

/** The provider that registered a site. Another provider may know the id, because a site id may travel. */
export async function providerOfSite(tx: Transaction, siteId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-site',
    text: 'SELECT provider_id FROM site_address WHERE site_id = $1',
    values: [siteId],
  });
  return rows[0]?.provider_id;
}
