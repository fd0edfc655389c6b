import type { Transaction, WriteSet } from '@opennrm/runtime';

/** A disclosure about a person, named by case, by a service's reference, or by a hold whose reference `referral` reports. */
export interface Disclosure {
  readonly id: string;
  readonly at: number;
  readonly byService: string;
  readonly caseId?: string;
  readonly service?: string;
  readonly reference?: string;
  readonly holdId?: string;
  readonly organisationId: string;
  readonly personId?: string | undefined;
  readonly content: string;
  readonly purpose: string;
  readonly basis: string;
  /** The permission that was its basis, if any. */
  readonly permissionId?: string | undefined;
  readonly serviceClass?: string | undefined;
}

const DISCLOSURES: WriteSet<Disclosure> = {
  name: 'disclosure-log',
  text: `INSERT INTO disclosure (id, at, by_service, case_id, service, reference, hold_id, organisation_id, person_id, content, purpose, basis, permission_id, service_class)
         SELECT id, at, by_service, case_id, service, reference, hold_id, organisation_id, person_id, content, purpose, basis, permission_id, service_class
         FROM json_populate_recordset(NULL::disclosure, $1) ON CONFLICT (id) DO NOTHING`,
  values: (rows) => [
    JSON.stringify(
      rows.map((one) => ({
        id: one.id,
        at: one.at,
        by_service: one.byService,
        case_id: one.caseId,
        service: one.service,
        reference: one.reference,
        hold_id: one.holdId,
        organisation_id: one.organisationId,
        person_id: one.personId,
        content: one.content,
        purpose: one.purpose,
        basis: one.basis,
        permission_id: one.permissionId,
        service_class: one.serviceClass,
      })),
    ),
  ],
};

/** Stores a disclosure; one with a known id is ignored. */
export const logDisclosure = (tx: Transaction, disclosure: Disclosure): void =>
  tx.write(DISCLOSURES, disclosure);

export interface DisclosureRow {
  id: string;
  at: number;
  by_service: string;
  organisation_id: string;
  person_id: string | null;
  content: string;
  purpose: string;
  basis: string;
  service_class: string | null;
}

export interface DisclosureQuery {
  readonly before: { readonly at: number; readonly id: string };
  readonly size: number;
  /** Classes whose organisations are not named. An organisation with several services is listed under its hidden class. */
  readonly hidden: readonly string[];
  /** Only disclosures on this permission, or on an unnamed permission for its purpose. */
  readonly only?: { readonly permissionId: string; readonly purpose: string };
}

/** SQL: a page of one part of the list, in the order of an index. */
const page = (whose: string, on: string): string =>
  `(SELECT * FROM disclosure d WHERE ${whose} ${on} AND (d.at, d.id) < ($2, $3) ORDER BY d.at DESC, d.id DESC LIMIT $4)`;

/**
 * Disclosures by the case, by each of its references, and by each hold of these where no reference is named. `held` jumps from hold to hold by an
 * index, because a reference has many disclosures but few holds.
 */
const disclosuresSql = (on: string): string => `
  WITH RECURSIVE known AS (SELECT service, reference FROM case_reference WHERE case_id = $1),
  held AS (
    SELECT k.service, k.reference, (
      SELECT d.hold_id FROM disclosure d WHERE d.service = k.service AND d.reference = k.reference AND d.hold_id IS NOT NULL
      ORDER BY d.hold_id LIMIT 1) AS hold_id
    FROM known k
    UNION ALL
    SELECT h.service, h.reference, (
      SELECT d.hold_id FROM disclosure d WHERE d.service = h.service AND d.reference = h.reference AND d.hold_id > h.hold_id
      ORDER BY d.hold_id LIMIT 1)
    FROM held h WHERE h.hold_id IS NOT NULL),
  told AS (
    ${page('d.case_id = $1', on)}
    UNION SELECT t.* FROM known k CROSS JOIN LATERAL ${page('d.service = k.service AND d.reference = k.reference', on)} t
    UNION SELECT t.* FROM (SELECT DISTINCT hold_id FROM held WHERE hold_id IS NOT NULL) h
      CROSS JOIN LATERAL ${page('d.hold_id = h.hold_id AND d.reference IS NULL', on)} t)
  SELECT id, at, by_service, organisation_id, person_id, content, purpose, basis,
    coalesce(d.service_class, (SELECT r.service_class FROM relation r WHERE r.hold_id = d.hold_id LIMIT 1),
      (SELECT r.service_class FROM known k JOIN relation r ON r.reference = k.reference WHERE r.organisation_id = d.organisation_id LIMIT 1),
      (SELECT s.service_class FROM service s WHERE s.organisation_id = d.organisation_id ORDER BY s.service_class = ANY ($5) DESC LIMIT 1)
    ) AS service_class
  FROM (SELECT * FROM told ORDER BY at DESC, id DESC LIMIT $4) d ORDER BY at DESC, id DESC`;

/** One statement for each shape of the list, so that each is planned once and finds its rows by an index. */
const onAnything = { name: 'disclosures-of-case', text: disclosuresSql('') };
const onPermission = {
  name: 'disclosures-of-case-on-permission',
  text: disclosuresSql(
    `AND (d.permission_id = $6 OR (d.permission_id IS NULL AND d.basis = 'permission' AND d.purpose = $7))`,
  ),
};

/** The disclosures of a case, newest first, including those before its reference was registered. */
export async function disclosuresOf(
  tx: Transaction,
  caseId: string,
  { before, size, hidden, only }: DisclosureQuery,
): Promise<DisclosureRow[]> {
  const values: unknown[] = [caseId, before.at, before.id, size, hidden];
  const { rows } = await tx.query<DisclosureRow>(
    only === undefined
      ? { name: onAnything.name, text: onAnything.text, values }
      : {
          name: onPermission.name,
          text: onPermission.text,
          values: values.concat(only.permissionId, only.purpose),
        },
  );
  return rows;
}
