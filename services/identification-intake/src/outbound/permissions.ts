import { topics } from '@opennrm/contracts/topics';
import { type Meta, outgoing, record, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';

export interface IntakePermission {
  readonly permissionId: string;
  readonly caseReference: string;
  readonly organisationIds: readonly string[];
  readonly validFrom: number;
  readonly validUntil: number;
}

/** Stores a permission. An announcement of a known permission replaces the earlier one; a withdrawn permission stays withdrawn. */
export const rememberPermission = (tx: Transaction, one: IntakePermission) =>
  tx.query({
    name: 'permission-remember',
    text: `INSERT INTO permission (permission_id, case_reference, organisation_ids, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (case_reference, permission_id) DO UPDATE
             SET organisation_ids = excluded.organisation_ids, valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
    values: [
      one.permissionId,
      one.caseReference,
      one.organisationIds,
      one.validFrom,
      one.validUntil,
    ],
  });

export interface Withdrawn {
  readonly permissionId: string;
  readonly caseReference: string;
}

/** Withdraws a permission, also an unknown one: if it is announced later, it is not valid. */
export const endPermission = (tx: Transaction, { permissionId, caseReference }: Withdrawn) =>
  tx.query({
    name: 'permission-end',
    text: `INSERT INTO permission (permission_id, case_reference, organisation_ids, valid_from, valid_until, withdrawn) VALUES ($1, $2, '{}', 0, 0, true)
           ON CONFLICT (case_reference, permission_id) DO UPDATE SET withdrawn = true`,
    values: [permissionId, caseReference],
  });

export interface DenialOfCase {
  readonly denialId: string;
  readonly caseReference: string;
  readonly organisationIds: readonly string[];
}

/** Stores a denial. A repeated announcement lists the organisations that it still names. */
export const saveDenial = (tx: Transaction, one: DenialOfCase) =>
  tx.query({
    name: 'denial-save',
    text: `INSERT INTO denial (case_reference, denial_id, organisation_ids) VALUES ($1, $2, $3)
           ON CONFLICT (case_reference, denial_id) DO UPDATE SET organisation_ids = excluded.organisation_ids`,
    values: [one.caseReference, one.denialId, one.organisationIds],
  });

/** Counts the draft of an adult that only this permission allows to be sent. A child is referred without a permission. */
export async function draftsLosingPermission(
  tx: Transaction,
  { permissionId, caseReference }: Withdrawn,
  at: number,
): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'drafts-losing-permission',
    text: `SELECT 1 FROM identification_file f
             JOIN permission p ON p.case_reference = f.id AND NOT p.withdrawn
               AND (f.state->'procedure'->>'authority')::uuid = ANY (p.organisation_ids)
               AND p.valid_from <= $3 AND $3 < p.valid_until
           WHERE f.id = $1 AND f.stage = 'draft' AND f.state->'procedure'->>'age' = 'adult'
           GROUP BY f.id HAVING bool_and(p.permission_id = $2)`,
    values: [caseReference, permissionId, at],
  });
  return rowCount ?? 0;
}

/**
 * Acknowledges a withdrawal to the vault, with the number of drafts that can no longer be sent. New reads and submissions are refused
 * from now on. A running statutory deadline continues (`domain.md` §4).
 */
export function acknowledge(
  tx: Transaction,
  { permissionId, caseReference, closed }: Withdrawn & { readonly closed: number },
  meta: Meta,
): void {
  const value = { caseReference, permissionId, closed };
  const acknowledgement = { $case: 'withdrawalAcknowledged', value } as const;
  record(tx, {
    aggregate: 'known_reference',
    id: caseReference,
    version: meta.sequence,
    at: meta.now,
    author: systemAuthor,
    events: [],
    messages: [outgoing(topics.identificationIntakeForCaseVault, caseReference, acknowledgement)],
  });
}

/**
 * Whether the authority has a valid permission now. It has none while a denial names it that no later permission supersedes, nor while
 * the stream of the case is in quarantine, because a withdrawal may be unread (design rule 12).
 */
export async function isPermitted(
  tx: Transaction,
  caseReference: string,
  organisation: string,
  at: number,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'permission-valid',
    text: `SELECT 1 FROM permission WHERE case_reference = $1 AND $2 = ANY (organisation_ids) AND NOT withdrawn
             AND valid_from <= $3 AND $3 < valid_until
             AND NOT EXISTS (SELECT 1 FROM denial r WHERE r.case_reference = $1 AND $2 = ANY (r.organisation_ids))
             AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $4 AND q.key = $1::text) LIMIT 1`,
    values: [caseReference, organisation, at, topics.caseVaultForIdentificationIntake.name],
  });
  return (rowCount ?? 0) > 0;
}
