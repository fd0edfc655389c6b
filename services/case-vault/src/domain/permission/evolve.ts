import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';

const types = [
  ...([
    'PermissionGranted',
    'DenialRecorded',
    'PermissionWithdrawn',
    'PermissionShortened',
    'PermissionExpired',
    'WithdrawalBegun',
  ] as const),
  ...([
    'WithdrawalAcknowledged',
    'CallBackAttempted',
    'CalledBack',
    'BasisRecorded',
    'BasisReviewed',
    'BasisNarrowed',
    'BasisEnded',
  ] as const),
];

/** Events about permissions, denials and bases. */
export type ConsentEvent = Extract<CaseFileEvent, { readonly type: (typeof types)[number] }>;

export const isConsentEvent = (event: CaseFileEvent): event is ConsentEvent =>
  types.some((type) => type === event.type);

export function evolveConsent(before: CaseFile, event: ConsentEvent): CaseFile {
  switch (event.type) {
    case 'PermissionGranted': {
      const permission = { ...event.permission, withdrawnAt: undefined, cause: undefined };
      return { ...before, permissions: [...before.permissions, permission] };
    }
    case 'DenialRecorded':
      return { ...before, denials: [...before.denials, event.denial] };
    case 'PermissionWithdrawn':
      return changePermission(before, event.permissionId, {
        withdrawnAt: event.at,
        cause: event.cause,
      });
    case 'PermissionShortened':
      return changePermission(before, event.permissionId, { validUntil: event.validUntil });
    case 'PermissionExpired':
      return changePermission(before, event.permissionId, { cause: 'expired' });
    case 'WithdrawalBegun':
      return { ...before, withdrawals: [...before.withdrawals, event.withdrawal] };
    case 'WithdrawalAcknowledged':
      return changeWithdrawal(before, event.permissionId, (withdrawal) => ({
        ...withdrawal,
        audiences: withdrawal.audiences.map((one) =>
          one.service === event.service && one.reference === event.reference
            ? { ...one, acknowledgedAt: event.at, closed: event.closed }
            : one,
        ),
      }));
    case 'CallBackAttempted':
      return changeWithdrawal(before, event.permissionId, (one) => ({
        ...one,
        callBackAttempts: (one.callBackAttempts ?? 0) + 1,
      }));
    case 'CalledBack':
      return changeWithdrawal(before, event.permissionId, (one) => ({
        ...one,
        calledBack: event.outcome,
      }));
    case 'BasisRecorded':
      return { ...before, bases: [...before.bases, event.basis] };
    case 'BasisNarrowed':
      return changeBasis(before, event.basisId, (one) => ({
        ownChoices: [...(one.ownChoices ?? []), event.ownChoice],
      }));
    case 'BasisEnded':
      return changeBasis(before, event.basisId, () => ({ endedAt: event.at }));
    case 'BasisReviewed':
      return before;
  }
}

const changePermission = (
  file: CaseFile,
  permissionId: string,
  change: Partial<CaseFile['permissions'][number]>,
): CaseFile => ({
  ...file,
  permissions: file.permissions.map((one) =>
    one.permissionId === permissionId ? { ...one, ...change } : one,
  ),
});

type Basis = CaseFile['bases'][number];

const changeBasis = (
  file: CaseFile,
  basisId: string,
  change: (before: Basis) => Partial<Basis>,
): CaseFile => ({
  ...file,
  bases: file.bases.map((one) => (one.basisId === basisId ? { ...one, ...change(one) } : one)),
});

type Withdrawal = CaseFile['withdrawals'][number];

const changeWithdrawal = (
  file: CaseFile,
  permissionId: string,
  change: (before: Withdrawal) => Withdrawal,
): CaseFile => ({
  ...file,
  withdrawals: file.withdrawals.map((one) =>
    one.permissionId === permissionId ? change(one) : one,
  ),
});
