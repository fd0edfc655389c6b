import { topics } from '@opennrm/contracts/topics';
import type { Transaction } from '@opennrm/runtime';
import type { Relation } from '../domain/reading/reading.ts';
import { derivedId } from './derived-id.ts';

export interface Begun extends Relation {
  readonly references: readonly string[];
  readonly organisationId: string;
  readonly serviceId: string;
  readonly streamKey: string;
  readonly at: number;
}

/** `referral` said that an organisation has to do with these people now. */
export const beginRelation = (tx: Transaction, begun: Begun) =>
  tx.query({
    name: 'relation-begin',
    text: `INSERT INTO relation (hold_id, reference, organisation_id, service_id, service_class, region, purpose, stream_key, began_at)
           SELECT $1, unnest($2::uuid[]), $3, $4, $5, $6, $7, $8, $9
           ON CONFLICT (hold_id, reference) DO UPDATE SET ended_at = NULL, began_at = excluded.began_at`,
    values: [
      begun.holdId,
      begun.references,
      begun.organisationId,
      begun.serviceId,
      begun.serviceClass,
      begun.region,
      begun.purpose,
      begun.streamKey,
      begun.at,
    ],
  });

export const endRelation = (
  tx: Transaction,
  holdId: string,
  references: readonly string[],
  at: number,
) =>
  tx.query({
    name: 'relation-end',
    text: 'UPDATE relation SET ended_at = $3 WHERE hold_id = $1 AND reference = ANY ($2::uuid[]) AND ended_at IS NULL',
    values: [holdId, references, at],
  });

/** The relations of an organisation to a case that stand now. While a stream is quarantined its end may be unread: then there is none. */
export async function relationsOf(
  tx: Transaction,
  caseId: string,
  organisation: string,
): Promise<Relation[]> {
  const { rows } = await tx.query<{
    hold_id: string;
    service_class: string;
    region: string;
    purpose: string;
  }>({
    name: 'relations-current',
    text: `SELECT r.hold_id, r.service_class, r.region, r.purpose FROM relation r
           JOIN case_reference c ON c.service = 'referral' AND c.reference = r.reference
           WHERE c.case_id = $1 AND r.organisation_id = $2 AND r.ended_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $3 AND q.key = r.stream_key)
           ORDER BY r.began_at DESC`,
    values: [caseId, organisation, topics.referralForCaseVault.name],
  });
  return rows.map((row) => ({
    holdId: row.hold_id,
    serviceClass: row.service_class,
    region: row.region,
    purpose: row.purpose,
  }));
}

/** One of the people of a hold. */
export interface PersonOfHold {
  readonly personId: string;
  /** Undefined until the reference by which `referral` knows the person is registered. */
  readonly caseId: string | undefined;
  /** Undefined until referral's reference is registered." / "The organisation has or had a relation by this hold; else it was only asked. */
  readonly related: boolean;
}

/**
 * The people whom a hold is or was for, as an organisation that was asked may name them: a party has several. Whether it has to do with them still is
 * asked where something is read.
 */
export async function peopleOfHold(
  tx: Transaction,
  holdId: string,
  organisation: string,
): Promise<PersonOfHold[]> {
  const { rows } = await tx.query<{ reference: string; case_id: string | null; related: boolean }>({
    name: 'hold-people',
    // OFFSET 0: the few rows of the hold first, and never all that the organisation ever had to do with.
    text: `SELECT p.reference, c.case_id, bool_or(p.related) AS related FROM (
             SELECT reference, organisation_id, true AS related FROM relation WHERE hold_id = $1
             UNION ALL
             SELECT reference, organisation_id, false FROM disclosure WHERE hold_id = $1 AND service = 'referral' OFFSET 0) p
           LEFT JOIN case_reference c ON c.service = 'referral' AND c.reference = p.reference
           WHERE p.organisation_id = $2
           GROUP BY p.reference, c.case_id`,
    values: [holdId, organisation],
  });
  return rows
    .map(({ reference, case_id: caseId, related }) => ({
      personId: personIdOf(holdId, reference),
      caseId: caseId ?? undefined,
      related,
    }))
    .toSorted((one, other) => (one.personId < other.personId ? -1 : 1));
}

/** By which id a provider names a person of a hold. It says nothing to the provider of another hold, and does not change when a file is registered. */
export const personIdOf = (holdId: string, reference: string): string =>
  derivedId(holdId, reference);

/** Every organisation that has to do with a case now, with its relations. */
export async function everyRelation(
  tx: Transaction,
  caseId: string,
): Promise<Map<string, Relation[]>> {
  const { rows } = await tx.query<{
    organisation_id: string;
    hold_id: string;
    service_class: string;
    region: string;
    purpose: string;
  }>({
    name: 'relations-of-case',
    text: `SELECT r.organisation_id, r.hold_id, r.service_class, r.region, r.purpose FROM relation r
           JOIN case_reference c ON c.service = 'referral' AND c.reference = r.reference
           WHERE c.case_id = $1 AND r.ended_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $2 AND q.key = r.stream_key)`,
    values: [caseId, topics.referralForCaseVault.name],
  });
  const found = new Map<string, Relation[]>();
  for (const row of rows) {
    const one = {
      holdId: row.hold_id,
      serviceClass: row.service_class,
      region: row.region,
      purpose: row.purpose,
    };
    found.set(row.organisation_id, [...(found.get(row.organisation_id) ?? []), one]);
  }
  return found;
}
