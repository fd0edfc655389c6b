import { topics } from '@opennrm/contracts/topics';
import type { Transaction } from '@opennrm/runtime';

export interface PermissionToKnow {
  readonly permissionId: string;
  readonly caseReference: string;
  readonly organisationIds: readonly string[];
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A permission that comes again, or after its own end was heard, changes nothing. */
export const rememberPermission = (tx: Transaction, one: PermissionToKnow) =>
  tx.query({
    name: 'permission-remember',
    text: `INSERT INTO permission (permission_id, case_reference, organisation_ids, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (permission_id) DO NOTHING`,
    values: [one.permissionId, one.caseReference, one.organisationIds, one.validFrom, one.validUntil],
  });

export const endPermission = (tx: Transaction, permissionId: string) =>
  tx.query({
    name: 'permission-end',
    text: 'UPDATE permission SET withdrawn = true WHERE permission_id = $1',
    values: [permissionId],
  });

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
