import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { hasAlert, kept, pledge, raised } from '../pledges.ts';

/**
 * She was called back by a safe channel. Whatever comes of it, the withdrawal stands until she permits anew. Who was not reached has said nothing:
 * she is called again, and the coordinator knows.
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
  const { settles, herOwnWord } = rules.callBackOutcomes.find(({ code }) => code === outcome) ?? {};
  if (settles === false)
    return accept<CaseFileEvent>(
      { type: 'CallBackTried', permissionId, outcome, at: now },
      pledge('call-back', permissionId, after(now, rules.calledBackWithinMs)),
      ...(hasAlert(file, 'call-back', permissionId) ? [] : [raised('call-back', permissionId, 'coordinator', now)]),
    );
  return accept<CaseFileEvent>(
    { type: 'CalledBack', permissionId, outcome, at: now },
    ...kept(file, 'call-back', permissionId),
    ...(herOwnWord === false ? [pledge('ask-anew', purpose, after(now, rules.askedAnewWithinMs))] : []),
  );
}
