import { topics } from '@opennrm/contracts/topics';
import type { Transaction } from '@opennrm/runtime';
import type { Relation } from '../domain/reading/reading.ts';

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
      ...[begun.holdId, begun.references, begun.organisationId, begun.serviceId, begun.serviceClass],
      ...[begun.region, begun.purpose, begun.streamKey, begun.at],
    ],
  });

export const endRelation = (tx: Transaction, holdId: string, references: readonly string[], at: number) =>
  tx.query({
    name: 'relation-end',
    text: 'UPDATE relation SET ended_at = $3 WHERE hold_id = $1 AND reference = ANY ($2::uuid[]) AND ended_at IS NULL',
    values: [holdId, references, at],
  });

/** The relations of an organisation to a case that stand now. While a stream is quarantined its end may be unread: then there is none. */
export async function relationsOf(tx: Transaction, caseId: string, organisation: string): Promise<Relation[]> {
  const { rows } = await tx.query<{ hold_id: string; service_class: string; region: string; purpose: string }>({
    name: 'relations-standing',
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

/**
 * The cases that a hold is or was for, of which this organisation had a relation: a party has several. Whether there is one still is asked where
 * something is read.
 */
export async function casesOfHold(tx: Transaction, holdId: string, organisation: string): Promise<string[]> {
  const { rows } = await tx.query<{ case_id: string }>({
    name: 'relation-cases',
    text: `SELECT c.case_id FROM relation r JOIN case_reference c ON c.service = 'referral' AND c.reference = r.reference
           WHERE r.hold_id = $1 AND r.organisation_id = $2 ORDER BY r.reference`,
    values: [holdId, organisation],
  });
  return rows.map((row) => row.case_id);
}

/** Every organisation that has to do with a case now, with its relations. */
export async function everyRelation(tx: Transaction, caseId: string): Promise<Map<string, Relation[]>> {
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
    const one = { holdId: row.hold_id, serviceClass: row.service_class, region: row.region, purpose: row.purpose };
    found.set(row.organisation_id, [...(found.get(row.organisation_id) ?? []), one]);
  }
  return found;
}

/** The class of service by which an organisation has, or had, to do with a case. */
export async function classesOf(tx: Transaction, caseId: string): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ organisation_id: string; service_class: string }>({
    name: 'relation-classes',
    text: `SELECT DISTINCT ON (r.organisation_id) r.organisation_id, r.service_class FROM relation r
           JOIN case_reference c ON c.service = 'referral' AND c.reference = r.reference
           WHERE c.case_id = $1 ORDER BY r.organisation_id, r.began_at DESC`,
    values: [caseId],
  });
  return new Map(rows.map((row) => [row.organisation_id, row.service_class]));
}
