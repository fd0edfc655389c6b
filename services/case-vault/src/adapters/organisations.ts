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
    // One row of each is enough: an organisation may have to do with thousands of people.
    text: `SELECT id FROM unnest($1::uuid[]) AS asked (id)
           WHERE (SELECT true FROM organisation o WHERE o.id = asked.id)
              OR (SELECT true FROM relation r WHERE r.organisation_id = asked.id LIMIT 1)
              OR (SELECT true FROM case_file f WHERE f.owner_org = asked.id LIMIT 1)`,
    values: [unsure],
  });
  const known = new Set(rows.map(({ id }) => id));
  return unsure.filter((id) => !known.has(id));
}

/** What each of these bodies may do besides helping: by the country's list of authorities, and by its kind. */
export async function powersOfEach(
  tx: Transaction,
  pack: CountryPack,
  ids: readonly string[],
): Promise<Map<string, Power[]>> {
  const kinds = pack.organisationKinds.filter(({ powers = [] }) => powers.length > 0);
  const { rows } = await tx.query<{ id: string; kind: string }>({
    name: 'organisation-kinds',
    text: 'SELECT id, kind FROM organisation WHERE id = ANY ($1::uuid[]) AND kind = ANY ($2)',
    values: [ids, kinds.map(({ code }) => code)],
  });
  const kindOf = new Map(rows.map((row) => [row.id, row.kind]));
  const listed = (id: string) => pack.identification.authorities.find((one) => one.organisationId === id)?.powers ?? [];
  const byKind = (id: string) => kinds.find(({ code }) => code === kindOf.get(id))?.powers ?? [];
  return new Map(ids.map((id) => [id, [...listed(id), ...byKind(id)]]));
}

export const powersOf = async (tx: Transaction, pack: CountryPack, id: string): Promise<Power[]> =>
  (await powersOfEach(tx, pack, [id])).get(id) ?? [];

/** `referral` said that a body has a service of a class. */
export const rememberService = (
  tx: Transaction,
  one: { readonly serviceId: string; readonly organisationId: string; readonly serviceClass: string },
) =>
  tx.query({
    name: 'service-remember',
    text: `INSERT INTO service (service_id, organisation_id, service_class) VALUES ($1, $2, $3)
           ON CONFLICT (service_id) DO UPDATE SET organisation_id = excluded.organisation_id, service_class = excluded.service_class`,
    values: [one.serviceId, one.organisationId, one.serviceClass],
  });

/** The classes of services that these bodies have: as the directory says, and as they had to do with anybody. */
export async function classesOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await tx.query<{ organisation_id: string; classes: string[] }>({
    name: 'organisation-classes',
    text: `SELECT organisation_id, array_agg(service_class) AS classes FROM (
             SELECT organisation_id, service_class FROM service WHERE organisation_id = ANY ($1::uuid[])
             UNION SELECT organisation_id, service_class FROM relation WHERE organisation_id = ANY ($1::uuid[])) known
           GROUP BY organisation_id`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.organisation_id, row.classes]));
}
