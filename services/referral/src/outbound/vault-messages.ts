import { topics } from '@opennrm/contracts/topics';
import { type Author, outgoing, record } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/*
 * Messages to the vault that are not about one referral. Each stream has one writer: the writer locks the case's own row, and an
 * organisation is registered once.
 */

export interface WithdrawalResult {
  readonly caseReference: string;
  readonly permissionId: string;
  /** How many offers or places were withdrawn. */
  readonly withdrawnCount: number;
}

/** `sequence` is the number of the vault's event that is acknowledged. */
export const acknowledgeWithdrawal = (
  tx: Transaction,
  value: WithdrawalResult,
  {
    sequence,
    at,
    author,
  }: { readonly sequence: number; readonly at: Instant; readonly author: Author },
): void =>
  record(tx, {
    aggregate: 'case_basis',
    id: value.caseReference,
    version: sequence,
    at,
    author,
    events: [],
    messages: [
      outgoing(topics.referralForCaseVault, value.caseReference, {
        $case: 'withdrawalAcknowledged',
        value,
      }),
    ],
  });

export const announceOrganisation = (
  tx: Transaction,
  value: { readonly organisationId: string; readonly kind: string },
  { at, author }: { readonly at: Instant; readonly author: Author },
): void =>
  record(tx, {
    aggregate: 'organisation',
    id: value.organisationId,
    version: 1,
    at,
    author,
    events: [],
    messages: [
      outgoing(topics.referralForCaseVault, value.organisationId, {
        $case: 'organisationRegistered',
        value,
      }),
    ],
  });
