import type { Consent } from '@opennrm/country';
import {
  accept,
  after,
  type Decision,
  type Instant,
  ignore,
  refuse,
} from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { deadline, deadlineMet } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import { type GuardianConsentRefusal, guardianRefusal } from '../person/who-may-consent.ts';
import type { EndCause, Permission } from './consent-records.ts';
import type { Audience, Channel, WithdrawalStatement } from './withdrawal-record.ts';

/**
 * The services that are notified about a permission of this purpose, each by its own reference. Where none acts on the purpose, a withdrawal only takes
 * effect at the next reading.
 */
export const audiencesOf = (
  { references }: CaseFile,
  purpose: string,
  { actingServices }: Pick<Consent, 'actingServices'>,
): Audience[] => references.filter(({ service }) => service === actingServices[purpose]);

interface WithdrawalRequest {
  readonly permissionId: string;
  readonly channel: Channel;
  readonly statement?: WithdrawalStatement | undefined;
}

/**
 * A withdrawal takes effect at once: no new offer and no new reading. It never ends a stay, a treatment or a legal deadline (`domain.md` §4). The
 * services that act on it have a deadline to acknowledge it. A person who withdrew by telephone is called back.
 */
export function withdrawPermission(
  file: CaseFile,
  request: WithdrawalRequest,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'not-found' | GuardianConsentRefusal | 'in-the-future'> {
  const { permissionId, channel } = request;
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!permission) return refuse('not-found', 'permission_id');
  const statement = request.statement ?? { guardianId: undefined, language: undefined, at: now };
  if (statement.at > now) return refuse('in-the-future', 'stated_at');
  const refused =
    statement.guardianId === undefined
      ? undefined
      : guardianRefusal(file.person, statement.guardianId, statement.at);
  if (refused) return refused;
  if (permission.withdrawnAt !== undefined) return ignore('already-withdrawn');
  const { own, stages } = permissionsEndingWith(file, permission, now);
  return accept<CaseFileEvent>(
    ...stages.flatMap((one) =>
      endPermission(file, one, own.includes(one) ? 'withdrawn' : 'earlier-stage-withdrawn', {
        rules,
        now,
        channel,
        statement,
      }),
    ),
    ...(channel === 'telephone'
      ? [deadline('call-back', permissionId, after(now, rules.callBackWithinMs))]
      : []),
  );
}

/** The permission, the unexpired permissions that it renews, and the later stages and renewals of all of these. */
function permissionsEndingWith(file: CaseFile, permission: Permission, now: Instant) {
  const own = [permission, ...renewedChain(file, permission)];
  const isPast = (one: Permission): boolean =>
    one !== permission && own.includes(one) && one.validUntil <= now;
  const stages = own
    .flatMap((one) => withLaterStages(file, one))
    .filter(
      (one, nth, all) => one.withdrawnAt === undefined && !isPast(one) && all.indexOf(one) === nth,
    );
  return { own, stages };
}

/** A permission with its later stages and renewals, recursively. */
function withLaterStages(file: CaseFile, permission: Permission): Permission[] {
  const later = file.permissions.filter(
    (one) => one.after === permission.permissionId || one.renews === permission.permissionId,
  );
  return [permission, ...later.flatMap((one) => withLaterStages(file, one))];
}

/** The permissions that this one renews, directly or through others. */
function renewedChain(file: CaseFile, { renews }: Permission): Permission[] {
  const before = file.permissions.find((one) => one.permissionId === renews);
  return before ? [before, ...renewedChain(file, before)] : [];
}

interface EndContext {
  readonly rules: Consent;
  readonly now: Instant;
  readonly channel?: Channel;
  readonly statement?: WithdrawalStatement;
}

/** Ends a permission before its time. The services that act on it are notified and have a deadline to acknowledge. */
export function endPermission(
  file: CaseFile,
  { permissionId, purpose }: Permission,
  cause: EndCause,
  { rules, now, channel, statement }: EndContext,
): CaseFileEvent[] {
  const audiences = audiencesOf(file, purpose, rules).map((one) => ({
    ...one,
    acknowledgedAt: undefined,
    closed: 0,
  }));
  const withdrawal = {
    permissionId,
    at: now,
    cause,
    channel,
    audiences,
    calledBack: undefined,
    ...(statement && { statement }),
  };
  return [
    { type: 'PermissionWithdrawn', permissionId, at: now, cause },
    { type: 'WithdrawalBegun', withdrawal },
    ...deadlineMet(file, 'permission-ends-soon', permissionId),
    ...deadlineMet(file, 'permission-ends', permissionId),
    ...(audiences.length > 0
      ? [deadline('acknowledgement', permissionId, after(now, rules.acknowledgedWithinMs))]
      : []),
  ];
}

/** A service acknowledges a withdrawal, with the number of items that it closed. */
export function acknowledgeWithdrawal(
  file: CaseFile,
  acknowledgement: Audience & { readonly permissionId: string; readonly closed: number },
  now: Instant,
): Decision<CaseFileEvent> {
  const { permissionId, service, reference, closed } = acknowledgement;
  const withdrawal = file.withdrawals.find((one) => one.permissionId === permissionId);
  const open = withdrawal?.audiences.filter((one) => one.acknowledgedAt === undefined) ?? [];
  if (!open.some((one) => one.service === service && one.reference === reference))
    return ignore('nothing-awaited');
  return accept<CaseFileEvent>(
    { type: 'WithdrawalAcknowledged', permissionId, service, reference, closed, at: now },
    ...(open.length === 1 ? deadlineMet(file, 'acknowledgement', permissionId) : []),
  );
}
