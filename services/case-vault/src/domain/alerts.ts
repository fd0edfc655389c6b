import {
  accept,
  after,
  type Decision,
  type Instant,
  ignore,
  refuse,
} from '@opennrm/runtime/decision';
import type { CaseFile } from './case-file.ts';
import { alertRaised, deadline, deadlineMet } from './deadlines.ts';
import type { CaseFileEvent } from './events.ts';
import type { AlertOnFile } from './file-deadline.ts';

export interface AlertKey {
  readonly code: string;
  readonly about: string;
}

export type AlertRefusal = 'already-resolved';

/** How long an acknowledged alert may stay unresolved before it is raised again. */
const RAISED_AGAIN_MS = 86_400_000;

/** The `about` of the deadline that belongs to an alert. */
const nameOf = ({ code, about }: AlertKey): string => `${code} ${about}`;

const findAlert = ({ alerts }: CaseFile, named: AlertKey): AlertOnFile | undefined =>
  alerts.find((one) => nameOf(one) === nameOf(named));

/** The alert was seen. It stays open, and is raised again until it is resolved. */
export function acknowledgeAlert(
  file: CaseFile,
  { code, about }: AlertKey,
  by: string,
  now: Instant,
): Decision<CaseFileEvent, AlertRefusal> {
  const alert = findAlert(file, { code, about });
  if (!alert) return refuse('already-resolved', 'code');
  if (alert.acknowledgedBy !== undefined) return ignore('already-acknowledged');
  return accept<CaseFileEvent>(
    { type: 'AlertAcknowledged', code, about, by },
    deadline('alert-unresolved', nameOf(alert), after(now, RAISED_AGAIN_MS)),
  );
}

/** The alert was dealt with and ends. The deadline that raised it continues until the obligation itself is met. */
export function resolveAlert(
  file: CaseFile,
  { code, about }: AlertKey,
  by: string,
): Decision<CaseFileEvent, AlertRefusal> {
  const alert = findAlert(file, { code, about });
  if (!alert) return refuse('already-resolved', 'code');
  return accept<CaseFileEvent>(
    { type: 'AlertResolved', code, about, by },
    ...deadlineMet(file, 'alert-unresolved', nameOf(alert)),
  );
}

/** Raises an alert again that was acknowledged and not resolved. */
export const raiseAgain = (file: CaseFile, name: string, now: Instant): CaseFileEvent[] =>
  file.alerts
    .filter((one) => nameOf(one) === name && one.acknowledgedBy !== undefined)
    .map(({ code, about, role }) => alertRaised(code, about, role, now));
