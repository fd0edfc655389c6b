import type { CountryPack, Power } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';

/** `referral` said that a body exists, and of which kind it is. */
export const rememberOrganisation = (tx: Transaction, id: string, kind: string) =>
  tx.query({
    name: 'organisation-remember',
    text: 'INSERT INTO organisation (id, kind) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind',
    values: [id, kind],
  });

/** Those of the named of whom nobody has heard: neither the directory, nor the country's list of authorities, nor anybody who has to do with her. */
export async function unknownOf(tx: Transaction, pack: CountryPack, ids: readonly string[]): Promise<string[]> {
  const unsure = ids.filter((id) => !pack.identification.authorities.some((one) => one.organisationId === id));
  if (unsure.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>({
    name: 'organisations-known',
    text: `SELECT id FROM organisation WHERE id = ANY ($1::uuid[])
           UNION SELECT organisation_id FROM relation WHERE organisation_id = ANY ($1::uuid[])
           UNION SELECT owner_org FROM case_file WHERE owner_org = ANY ($1::uuid[])`,
    values: [unsure],
  });
  const known = new Set(rows.map(({ id }) => id));
  return unsure.filter((id) => !known.has(id));
}

/** What a body may do besides helping: by the country's list of authorities, and by its kind. */
export async function powersOf(tx: Transaction, pack: CountryPack, id: string): Promise<Power[]> {
  const listed = pack.identification.authorities.find((one) => one.organisationId === id)?.powers ?? [];
  const kinds = pack.organisationKinds.filter(({ powers = [] }) => powers.length > 0).map(({ code }) => code);
  const { rows } = await tx.query<{ kind: string }>({
    name: 'organisation-kind',
    text: 'SELECT kind FROM organisation WHERE id = $1 AND kind = ANY ($2)',
    values: [id, kinds],
  });
  return [...listed, ...(pack.organisationKinds.find(({ code }) => code === rows[0]?.kind)?.powers ?? [])];
}
