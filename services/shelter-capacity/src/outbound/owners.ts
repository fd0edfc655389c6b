import type { Transaction } from '@opennrm/runtime';

/** The provider of a service, as the directory announced it; undefined before that. */
export async function providerOfService(
  tx: Transaction,
  serviceId: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-service',
    text: 'SELECT provider_id FROM service_provider WHERE service_id = $1',
    values: [serviceId],
  });
  return rows[0]?.provider_id;
}

/** Locks these providers, and those of these services and holds, in the order of their ids. */
export async function lockProvidersOf(
  tx: Transaction,
  of: {
    readonly providerIds: readonly string[];
    readonly serviceIds: readonly string[];
    readonly holdIds: readonly string[];
  },
): Promise<void> {
  await tx.query({
    name: 'providers-lock',
    text: `SELECT 1 FROM provider WHERE id = ANY (ARRAY(
             SELECT provider_id FROM service_provider WHERE service_id = ANY ($1::uuid[])
             UNION SELECT provider_id FROM hold_provider WHERE hold_id = ANY ($2::uuid[])
             UNION SELECT * FROM unnest($3::uuid[])))
           ORDER BY id FOR UPDATE`,
    values: [of.serviceIds, of.holdIds, of.providerIds],
  });
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

/** The provider of a hold; undefined where no provider here ever had it. */
export async function providerOfHold(tx: Transaction, holdId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-hold',
    text: 'SELECT provider_id FROM hold_provider WHERE hold_id = $1',
    values: [holdId],
  });
  return rows[0]?.provider_id;
}
