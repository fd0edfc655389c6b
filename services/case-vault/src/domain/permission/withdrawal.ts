import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import { type CaseFile, referencesOf } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { hasAlert, kept, pledge, raised } from '../pledges.ts';
import type { EndedBecause, Permission } from './given.ts';

/** A service that knows her by a reference, and must close what a withdrawal closes. */
export interface Audience {
  readonly service: string;
  readonly reference: string;
}

/** A permission is taken back: who must act on it, who has, and whether it was her own word. */
export interface Withdrawal {
  readonly permissionId: string;
  readonly at: Instant;
  readonly because: EndedBecause;
  readonly channel: Channel | undefined;
  readonly audiences: readonly (Audience & {
    readonly acknowledgedAt: Instant | undefined;
    /** How many offers and the like it closed. */
    readonly closed: number;
  })[];
  /** What she said when she was called back; undefined before, and where nobody needs to call. */
  readonly calledBack: string | undefined;
  /** How often she was called and nothing was settled by it; missing: never. */
  readonly triedToCall?: number;
}

export type Channel = 'in-person' | 'written' | 'telephone';

/** Which service acts on a permission for which purpose: for every other, the next reading is where it ends. */
const SERVICE_OF: Readonly<Record<string, string>> = {
  'immediate-protection': 'referral',
  accommodation: 'referral',
  'identification-decision': 'identification-intake',
};

/** The services that are told of a permission, each by its own reference. */
export const audiencesOf = (file: CaseFile, purpose: string): Audience[] => {
  const service = SERVICE_OF[purpose];
  return service === undefined ? [] : referencesOf(file, service).map((reference) => ({ service, reference }));
};

/**
 * Her no counts at once: no new offer and no new read, from the next one on. It never ends a stay, a treatment or a legal deadline
 * (`domain.md` §4). Every service that was told has a clock to say what it closed; who withdrew by telephone is called back.
 */
export function withdrawPermission(
  file: CaseFile,
  { permissionId, channel }: { readonly permissionId: string; readonly channel: Channel },
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'not-found'> {
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!permission) return refuse('not-found', 'permission_id');
  if (permission.withdrawnAt !== undefined) return ignore('already-withdrawn');
  const before = renewed(file, permission).filter((one) => one.withdrawnAt === undefined && now < one.validUntil);
  const own = [permission, ...before];
  const stages = own
    .flatMap((one) => withStages(file, one))
    .filter((one, nth, all) => one.withdrawnAt === undefined && all.indexOf(one) === nth);
  return accept<CaseFileEvent>(
    ...stages.flatMap((one) =>
      ended(file, one, own.includes(one) ? 'withdrawn' : 'stage-before-withdrawn', { rules, now, channel }),
    ),
    ...(channel === 'telephone' ? [pledge('call-back', permissionId, after(now, rules.calledBackWithinMs))] : []),
  );
}

/** A permission, and all that were given on the strength of it. */
function withStages(file: CaseFile, permission: Permission): Permission[] {
  const later = file.permissions.filter(
    (one) => one.after === permission.permissionId || one.renews === permission.permissionId,
  );
  return [permission, ...later.flatMap((one) => withStages(file, one))];
}

/** Those that a permission goes on with: taken back, none of them stands. */
function renewed(file: CaseFile, { renews }: Permission): Permission[] {
  const before = file.permissions.find((one) => one.permissionId === renews);
  return before ? [before, ...renewed(file, before)] : [];
}

interface Ending {
  readonly rules: Consent;
  readonly now: Instant;
  readonly channel?: Channel;
}

/** A permission ends before its time: it is told to every service that knew of it, and each has a clock to answer. */
export function ended(
  file: CaseFile,
  { permissionId, purpose }: Permission,
  because: EndedBecause,
  { rules, now, channel }: Ending,
): CaseFileEvent[] {
  const audiences = audiencesOf(file, purpose).map((one) => ({ ...one, acknowledgedAt: undefined, closed: 0 }));
  const withdrawal = { permissionId, at: now, because, channel, audiences, calledBack: undefined };
  return [
    { type: 'PermissionWithdrawn', permissionId, at: now, because },
    { type: 'WithdrawalBegun', withdrawal },
    ...kept(file, 'permission-ends-soon', permissionId),
    ...kept(file, 'permission-ends', permissionId),
    ...(audiences.length > 0 ? [pledge('acknowledgement', permissionId, after(now, rules.acknowledgedWithinMs))] : []),
  ];
}

/** A service says that it closed what a withdrawal closes. */
export function acknowledge(
  file: CaseFile,
  said: Audience & { readonly permissionId: string; readonly closed: number },
  now: Instant,
): Decision<CaseFileEvent> {
  const { permissionId, service, reference, closed } = said;
  const withdrawal = file.withdrawals.find((one) => one.permissionId === permissionId);
  const open = withdrawal?.audiences.filter((one) => one.acknowledgedAt === undefined) ?? [];
  if (!open.some((one) => one.service === service && one.reference === reference)) return ignore('nothing-awaited');
  return accept<CaseFileEvent>(
    { type: 'WithdrawalAcknowledged', permissionId, service, reference, closed, at: now },
    ...(open.length === 1 ? kept(file, 'acknowledgement', permissionId) : []),
  );
}

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
