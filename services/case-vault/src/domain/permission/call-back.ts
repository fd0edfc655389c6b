import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { alertRaised, deadline, deadlineMet, hasAlert } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';

/**
 * Records a call back. With any outcome the withdrawal stays in force until the person permits again. A person who was not reached is called again,
 * and the coordinator is alerted.
 */
export function callBack(
  file: CaseFile,
  { permissionId, outcome }: { readonly permissionId: string; readonly outcome: string },
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'not-found' | 'nobody-to-call-back' | 'already-called-back'> {
  const withdrawal = file.withdrawals.find((one) => one.permissionId === permissionId);
  if (!withdrawal) return refuse('not-found', 'permission_id');
  if (withdrawal.channel !== 'telephone') return refuse('nobody-to-call-back', 'permission_id');
  if (withdrawal.calledBack !== undefined) return refuse('already-called-back', 'permission_id');
  const purpose = file.permissions.find((one) => one.permissionId === permissionId)?.purpose ?? '';
  const { isFinal, isOwnChoice } =
    rules.callBackOutcomes.find(({ code }) => code === outcome) ?? {};
  if (isFinal === false)
    return accept<CaseFileEvent>(
      { type: 'CallBackAttempted', permissionId, outcome, at: now },
      deadline('call-back', permissionId, after(now, rules.callBackWithinMs)),
      ...(hasAlert(file, 'call-back', permissionId)
        ? []
        : [alertRaised('call-back', permissionId, 'coordinator', now)]),
    );
  return accept<CaseFileEvent>(
    { type: 'CalledBack', permissionId, outcome, at: now },
    ...deadlineMet(file, 'call-back', permissionId),
    ...(isOwnChoice === false
      ? [deadline('ask-consent-again', purpose, after(now, rules.askPersonWithinMs))]
      : []),
  );
}
