import { topics } from '@opennrm/contracts/topics';
import { type Meta, outgoing, platform, record } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';

export interface PermissionToKnow {
  readonly permissionId: string;
  readonly caseReference: string;
  readonly organisationIds: readonly string[];
  readonly validFrom: number;
  readonly validUntil: number;
}

/** Said again it takes the place of what was said before: she may have said no to somebody since. What was taken back stays so. */
export const rememberPermission = (tx: Transaction, one: PermissionToKnow) =>
  tx.query({
    name: 'permission-remember',
    text: `INSERT INTO permission (permission_id, case_reference, organisation_ids, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (case_reference, permission_id) DO UPDATE
             SET organisation_ids = excluded.organisation_ids, valid_from = excluded.valid_from, valid_until = excluded.valid_until`,
    values: [one.permissionId, one.caseReference, one.organisationIds, one.validFrom, one.validUntil],
  });

export interface Withdrawn {
  readonly permissionId: string;
  readonly caseReference: string;
}

/** Also one that was never heard of: whatever of it comes later is no permission. */
export const endPermission = (tx: Transaction, { permissionId, caseReference }: Withdrawn) =>
  tx.query({
    name: 'permission-end',
    text: `INSERT INTO permission (permission_id, case_reference, organisation_ids, valid_from, valid_until, withdrawn) VALUES ($1, $2, '{}', 0, 0, true)
           ON CONFLICT (case_reference, permission_id) DO UPDATE SET withdrawn = true`,
    values: [permissionId, caseReference],
  });

export interface Refused {
  readonly refusalId: string;
  readonly caseReference: string;
  readonly organisationIds: readonly string[];
}

/** Said again it names whom it names still. */
export const rememberRefusal = (tx: Transaction, one: Refused) =>
  tx.query({
    name: 'refusal-remember',
    text: `INSERT INTO refusal (case_reference, refusal_id, organisation_ids) VALUES ($1, $2, $3)
           ON CONFLICT (case_reference, refusal_id) DO UPDATE SET organisation_ids = excluded.organisation_ids`,
    values: [one.caseReference, one.refusalId, one.organisationIds],
  });

/** Drafted referrals of an adult that this permission alone still lets be sent. A child is referred without one. */
export async function draftsThatLose(
  tx: Transaction,
  { permissionId, caseReference }: Withdrawn,
  at: number,
): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'drafts-that-lose',
    text: `SELECT 1 FROM identification_file f
             JOIN permission p ON p.case_reference = f.id AND (f.state->'procedure'->>'authority')::uuid = ANY (p.organisation_ids)
               AND NOT p.withdrawn AND p.valid_from <= $3 AND $3 < p.valid_until
           WHERE f.id = $1 AND f.stage = 'draft' AND f.state->'procedure'->>'age' = 'adult'
           GROUP BY f.id HAVING bool_and(p.permission_id = $2)`,
    values: [caseReference, permissionId, at],
  });
  return rowCount ?? 0;
}

/**
 * The vault is told that it counts from now on, and how many drafted referrals cannot be sent any more. No new reading and no submission stands on it;
 * a legal deadline that runs goes on (`domain.md` §4).
 */
export async function acknowledge(
  tx: Transaction,
  { permissionId, caseReference, closed }: Withdrawn & { readonly closed: number },
  meta: Meta,
) {
  const value = { caseReference, permissionId, closed };
  const said = { $case: 'withdrawalAcknowledged', value } as const;
  await record(tx, {
    ...{ aggregate: 'known_reference', id: caseReference, version: meta.sequence, at: meta.now, author: platform },
    ...{ events: [], messages: [outgoing(topics.identificationIntakeForCaseVault, caseReference, said)] },
  });
}

/** Does she permit now that this authority knows her? While her stream is quarantined a withdrawal may be unread: then she does not. */
export async function isPermitted(
  tx: Transaction,
  caseReference: string,
  organisation: string,
  at: number,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'permission-stands',
    text: `SELECT 1 FROM permission WHERE case_reference = $1 AND $2 = ANY (organisation_ids) AND NOT withdrawn
             AND valid_from <= $3 AND $3 < valid_until
             AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.topic = $4 AND q.key = $1::text) LIMIT 1`,
    values: [caseReference, organisation, at, topics.caseVaultForIdentificationIntake.name],
  });
  return (rowCount ?? 0) > 0;
}

/**
 * Did she permit once, and does so no more (taken back, run out, or never for this body), or did she say no to it? Where nothing can be read, she did
 * (design rule 12).
 */
export async function isTakenBack(
  tx: Transaction,
  caseReference: string,
  organisation: string,
  at: number,
): Promise<boolean> {
  if (await isPermitted(tx, caseReference, organisation, at)) return false;
  const { rowCount } = await tx.query({
    name: 'permission-was',
    text: `SELECT 1 FROM permission WHERE case_reference = $1
           UNION ALL SELECT 1 FROM refusal WHERE case_reference = $1 AND $3 = ANY (organisation_ids)
           UNION ALL SELECT 1 FROM quarantine WHERE topic = $2 AND key = $1::text LIMIT 1`,
    values: [caseReference, topics.caseVaultForIdentificationIntake.name, organisation],
  });
  return (rowCount ?? 0) > 0;
}
