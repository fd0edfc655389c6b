import type { Statement, Transaction, WriteSet } from '@opennrm/runtime';

/** A service or a hold, and the provider that it belongs to. */
export interface Owned {
  readonly id: string;
  readonly providerId: string;
}

export type OwnedKind = 'service' | 'hold';

/** A transaction remembers what it has read, so that many messages of a slice need one look-up. */
export const rememberProvider = (
  tx: Transaction,
  kind: OwnedKind,
  { id, providerId }: Owned,
): void => void tx.memory.set(`provider of ${kind} ${id}`, providerId);

async function providerOf(
  tx: Transaction,
  kind: OwnedKind,
  id: string,
  lookUp: Statement,
): Promise<string | undefined> {
  const known = tx.memory.get(`provider of ${kind} ${id}`);
  if (typeof known === 'string') return known;
  const { rows } = await tx.query<{ provider_id: string }>(lookUp);
  return rows[0]?.provider_id;
}

/** The provider of a service, as the directory announced it; undefined before that. */
export const providerOfService = (
  tx: Transaction,
  serviceId: string,
): Promise<string | undefined> =>
  providerOf(tx, 'service', serviceId, {
    name: 'provider-of-service',
    text: 'SELECT provider_id FROM service_provider WHERE service_id = $1',
    values: [serviceId],
  });

/** The provider of a hold; undefined where no provider here ever had it. */
export const providerOfHold = (tx: Transaction, holdId: string): Promise<string | undefined> =>
  providerOf(tx, 'hold', holdId, {
    name: 'provider-of-hold',
    text: 'SELECT provider_id FROM hold_provider WHERE hold_id = $1',
    values: [holdId],
  });

const columnsOf = (rows: readonly Owned[]) => [
  rows.map(({ id }) => id),
  rows.map(({ providerId }) => providerId),
];

const SERVICES: WriteSet<Owned> = {
  name: 'service-provider',
  text: `INSERT INTO service_provider (service_id, provider_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
         ON CONFLICT (service_id) DO UPDATE SET provider_id = excluded.provider_id`,
  key: ({ id }) => id,
  values: columnsOf,
};

const HOLDS: WriteSet<Owned> = {
  name: 'hold-provider',
  text: 'INSERT INTO hold_provider (hold_id, provider_id) SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING',
  key: ({ id }) => id,
  values: columnsOf,
};

/** The directory may give a service to another organisation. */
export function storeProviderOfService(tx: Transaction, service: Owned): void {
  rememberProvider(tx, 'service', service);
  tx.write(SERVICES, service);
}

/** A hold stays with the provider that had it first. */
export const storeProviderOfHold = (tx: Transaction, hold: Owned): void => tx.write(HOLDS, hold);
