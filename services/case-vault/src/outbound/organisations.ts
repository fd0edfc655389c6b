import type { CountryPack, Power } from '@opennrm/country';
import type { Transaction, WriteSet } from '@opennrm/runtime';

interface Organisation {
  readonly id: string;
  readonly kind: string;
}

const ORGANISATIONS: WriteSet<Organisation> = {
  name: 'organisation-remember',
  text: 'INSERT INTO organisation (id, kind) SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind',
  key: ({ id }) => id,
  values: (rows) => [rows.map(({ id }) => id), rows.map(({ kind }) => kind)],
};

/** Stores an organisation and its kind, as `referral` announced them. */
export const rememberOrganisation = (tx: Transaction, organisation: Organisation): void =>
  tx.write(ORGANISATIONS, organisation);

/** The ids that are neither in the directory nor an authority of the country, and have neither a relation nor an own case. */
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
    // LIMIT 1: an organisation may have relations to thousands of people.
    text: `SELECT id FROM unnest($1::uuid[]) AS asked (id)
           WHERE (SELECT true FROM organisation o WHERE o.id = asked.id)
              OR (SELECT true FROM relation r WHERE r.organisation_id = asked.id LIMIT 1)
              OR (SELECT true FROM case_file f WHERE f.owner_org = asked.id LIMIT 1)`,
    values: [unsure],
  });
  const known = new Set(rows.map(({ id }) => id));
  return unsure.filter((id) => !known.has(id));
}

/** The powers of each organisation, by the country's list of authorities and by its kind. */
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

interface AnnouncedService {
  readonly serviceId: string;
  readonly organisationId: string;
  readonly serviceClass: string;
}

const SERVICES: WriteSet<AnnouncedService> = {
  name: 'service-remember',
  text: `INSERT INTO service (service_id, organisation_id, service_class) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])
         ON CONFLICT (service_id) DO UPDATE SET organisation_id = excluded.organisation_id, service_class = excluded.service_class`,
  key: ({ serviceId }) => serviceId,
  values: (rows) => [
    rows.map(({ serviceId }) => serviceId),
    rows.map(({ organisationId }) => organisationId),
    rows.map(({ serviceClass }) => serviceClass),
  ],
};

/** Stores the class of an organisation's service, as `referral` announced it. */
export const rememberService = (tx: Transaction, service: AnnouncedService): void =>
  tx.write(SERVICES, service);

/** SQL: the first class of an organisation in a table, or the next one after `after`. */
const nextClass = (table: 'service' | 'relation', after: string): string =>
  `(SELECT o.service_class FROM ${table} o WHERE o.organisation_id = c.id ${after} ORDER BY o.service_class LIMIT 1)`;
const nextOfBoth = (after: string): string =>
  `least(${nextClass('service', after)}, ${nextClass('relation', after)})`;

/**
 * The service classes of these organisations, from the directory and from their relations. The query jumps from class to class by the index, because an
 * organisation has thousands of relations but few classes.
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
