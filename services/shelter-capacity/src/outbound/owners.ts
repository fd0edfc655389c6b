import type { Transaction } from '@opennrm/runtime';
import { type Owned, type OwnedKind, rememberProvider } from './provider-of.ts';
import { providers } from './providers.ts';

/** Locks and reads these providers, and those of these services and holds, in the order of their ids. */
export async function lockProvidersOf(
  tx: Transaction,
  of: {
    readonly providerIds: readonly string[];
    readonly serviceIds: readonly string[];
    readonly holdIds: readonly string[];
  },
): Promise<void> {
  const { rows } = await tx.query<Owned & { kind: OwnedKind }>({
    name: 'providers-of-all',
    text: `SELECT 'service' AS kind, service_id AS id, provider_id AS "providerId" FROM service_provider WHERE service_id = ANY ($1::uuid[])
           UNION ALL SELECT 'hold', hold_id, provider_id FROM hold_provider WHERE hold_id = ANY ($2::uuid[])`,
    values: [of.serviceIds, of.holdIds],
  });
  for (const { kind, ...owned } of rows) rememberProvider(tx, kind, owned);
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
