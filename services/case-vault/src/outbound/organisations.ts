import type { CountryPack, Power } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';

/** `referral` said that a body exists, and of which kind it is. */
export const rememberOrganisation = (tx: Transaction, id: string, kind: string) =>
  tx.query({
    name: 'organisation-remember',
    text: 'INSERT INTO organisation (id, kind) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind',
    values: [id, kind],
  });

/** Those of the named of whom nobody has heard: neither the directory, nor the country's list of authorities, nor anybody with a relation. */
export async function findUnknownOrganisations(
  tx: Transaction,
  pack: CountryPack,
  ids: readonly string[],
): Promise<string[]> {
  const unsure = ids.filter(
    (id) => !pack.identification.authorities.some((one) => one.organisationId === id),
  );
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
  const listed = (id: string) =>
    pack.identification.authorities.find((one) => one.organisationId === id)?.powers ?? [];
  const byKind = (id: string) => kinds.find(({ code }) => code === kindOf.get(id))?.powers ?? [];
  return new Map(ids.map((id) => [id, [...listed(id), ...byKind(id)]]));
}

export const powersOf = async (tx: Transaction, pack: CountryPack, id: string): Promise<Power[]> =>
  (await powersOfEach(tx, pack, [id])).get(id) ?? [];

/** `referral` said that a body has a service of a class. */
export const rememberService = (
  tx: Transaction,
  one: {
    readonly serviceId: string;
    readonly organisationId: string;
    readonly serviceClass: string;
  },
) =>
  tx.query({
    name: 'service-remember',
    text: `INSERT INTO service (service_id, organisation_id, service_class) VALUES ($1, $2, $3)
           ON CONFLICT (service_id) DO UPDATE SET organisation_id = excluded.organisation_id, service_class = excluded.service_class`,
    values: [one.serviceId, one.organisationId, one.serviceClass],
  });

/** The first class of an organisation that a table knows, after another one. */
const nextClass = (table: 'service' | 'relation', after: string): string =>
  `(SELECT o.service_class FROM ${table} o WHERE o.organisation_id = c.id ${after} ORDER BY o.service_class LIMIT 1)`;
const nextOfBoth = (after: string): string =>
  `least(${nextClass('service', after)}, ${nextClass('relation', after)})`;

/**
 * The classes of services that these bodies have: as the directory says, and as they had to do with anybody. It goes from one class to the next by the
 * index: an organisation has had to do with thousands of people, and has few classes.
 */
export async function classesOf(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await tx.query<{ id: string; classes: string[] }>({
    name: 'organisation-classes',
    text: `WITH RECURSIVE classes AS (
             SELECT c.id, ${nextOfBoth('')} AS service_class FROM unnest($1::uuid[]) AS c (id)
             UNION ALL
             SELECT c.id, ${nextOfBoth('AND o.service_class > c.service_class')} FROM classes c WHERE c.service_class IS NOT NULL)
           SELECT id, array_agg(DISTINCT service_class) AS classes FROM classes WHERE service_class IS NOT NULL GROUP BY id`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row.classes]));
}
