import { FIRST_ID, type Transaction } from '@opennrm/runtime';
import type { DirectoryEntry } from '../domain/directory.ts';

/** Free beds are shown only in bands: an exact number could help a person who searches for a victim. */
const BAND = `CASE WHEN h.free IS NULL THEN 'unknown' WHEN h.free = 0 THEN 'none' WHEN h.free <= 5 THEN '1-5' WHEN h.free <= 20 THEN '6-20' ELSE 'more' END`;

/** The position in the list: by the need that a service is for, then by its id. */
export interface ServicePosition {
  readonly need: string;
  readonly id: string;
}

/** Before every service. */
export const SERVICES_BEGIN = { need: '', id: FIRST_ID } as const;

/** A keyset page of the directory. Services for the same need are listed together. */
export async function listServices(
  tx: Transaction,
  from: ServicePosition,
  size: number,
): Promise<{ entry: DirectoryEntry; freeBand: string }[]> {
  const { rows } = await tx.query<{ state: DirectoryEntry; band: string }>({
    name: 'services-list',
    text: `SELECT s.state, coalesce((SELECT ${BAND} FROM capacity_hint h WHERE h.service_id = s.id), 'unknown') AS band
           FROM service s WHERE (s.need, s.id) > ($1, $2) ORDER BY s.need, s.id LIMIT $3`,
    values: [from.need, from.id, size],
  });
  return rows.map(({ state, band }) => ({ entry: state, freeBand: band }));
}

export async function freeBandOf(tx: Transaction, serviceId: string): Promise<string> {
  const { rows } = await tx.query<{ band: string }>({
    name: 'service-band',
    text: `SELECT ${BAND} AS band FROM capacity_hint h WHERE h.service_id = $1`,
    values: [serviceId],
  });
  return rows[0]?.band ?? 'unknown';
}
