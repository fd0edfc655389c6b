import type { Transaction } from '@opennrm/runtime';

/** The provider that registered a service here; undefined when nobody did. */
export async function providerOfService(tx: Transaction, serviceId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-service',
    text: 'SELECT provider_id FROM service_provider WHERE service_id = $1',
    values: [serviceId],
  });
  return rows[0]?.provider_id;
}

/** The provider that registered a site; a site id may travel, so another could name it. */
export async function providerOfSite(tx: Transaction, siteId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-site',
    text: 'SELECT provider_id FROM site_address WHERE site_id = $1',
    values: [siteId],
  });
  return rows[0]?.provider_id;
}

/** The provider that had a hold; undefined when it never was one of ours. */
export async function providerOfHold(tx: Transaction, holdId: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ provider_id: string }>({
    name: 'provider-of-hold',
    text: 'SELECT provider_id FROM hold_provider WHERE hold_id = $1',
    values: [holdId],
  });
  return rows[0]?.provider_id;
}
