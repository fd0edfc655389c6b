import { Personal, seal, type Transaction, unseal } from '@opennrm/runtime';

/** What an escort needs to find the entrance. */
export interface Address {
  readonly addressLine: string;
  readonly city: string;
  readonly postalCode: string;
  readonly arrivalInstructions: string;
}

/** Stores addresses sealed. They are in no state, no journal and no event. */
export interface Addresses {
  keep(
    tx: Transaction,
    siteId: string,
    providerId: string,
    address: Personal<Address>,
  ): Promise<void>;
  find(tx: Transaction, siteId: string): Promise<Personal<Address> | undefined>;
}

export const addressesWith = (key: Buffer): Addresses => ({
  async keep(tx, siteId, providerId, address) {
    const sealed = seal(key, Buffer.from(JSON.stringify(address.reveal()), 'utf8'), siteId);
    await tx.query({
      name: 'address-keep',
      text: `INSERT INTO site_address (site_id, provider_id, sealed) VALUES ($1, $2, $3)`,
      values: [siteId, providerId, sealed],
    });
  },
  async find(tx, siteId) {
    const { rows } = await tx.query<{ sealed: Buffer }>({
      name: 'address-find',
      text: 'SELECT sealed FROM site_address WHERE site_id = $1',
      values: [siteId],
    });
    const [row] = rows;
    return (
      row && new Personal(JSON.parse(unseal(key, row.sealed, siteId).toString('utf8')) as Address)
    );
  },
});
