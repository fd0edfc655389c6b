import type { Transaction } from '@opennrm/runtime';

export interface ReportedAgreement {
  readonly holdId: string;
  readonly caseReference: string;
  readonly serviceId: string;
  readonly organisationId: string;
  readonly serviceClass: string;
  readonly agreed: boolean;
  readonly at: number;
}

/** The latest answer to a service counts. */
export const rememberAgreement = (tx: Transaction, one: ReportedAgreement) =>
  tx.query({
    name: 'agreement-remember',
    text: `INSERT INTO agreement (hold_id, reference, service_id, organisation_id, service_class, agreed, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (hold_id, reference) DO UPDATE SET agreed = excluded.agreed, at = excluded.at WHERE agreement.at <= excluded.at`,
    values: [
      one.holdId,
      one.caseReference,
      one.serviceId,
      one.organisationId,
      one.serviceClass,
      one.agreed,
      one.at,
    ],
  });

export interface AgreementRow {
  hold_id: string;
  organisation_id: string;
  service_class: string;
  agreed: boolean;
  at: number;
}

/** The person's agreements to services, yes or no: the newest first. */
export async function agreementsOf(
  tx: Transaction,
  caseId: string,
  before: { readonly at: number; readonly id: string },
  size: number,
): Promise<AgreementRow[]> {
  const { rows } = await tx.query<AgreementRow>({
    name: 'agreements-of-case',
    text: `SELECT a.hold_id, a.organisation_id, a.service_class, a.agreed, a.at FROM agreement a
           JOIN case_reference c ON c.service = 'referral' AND c.reference = a.reference
           WHERE c.case_id = $1 AND (a.at, a.hold_id) < ($2, $3) ORDER BY a.at DESC, a.hold_id DESC LIMIT $4`,
    values: [caseId, before.at, before.id, size],
  });
  return rows;
}
