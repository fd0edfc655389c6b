import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type GuardianSays, whyHeMayNotSpeak } from '../person/speaking.ts';
import { kept, pledge } from '../pledges.ts';
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
  /** Who took it back, in which language, and when it was said; missing: nobody did, or it was not written down. */
  readonly said?: TakenBack;
  /** How often she was called and nothing was settled by it; missing: never. */
  readonly triedToCall?: number;
}

/** How a withdrawal was said; it may be written down later. */
export interface TakenBack {
  /** Undefined is the person herself. */
  readonly guardianId: string | undefined;
  readonly language: string | undefined;
  readonly at: Instant;
}

export type Channel = 'in-person' | 'written' | 'telephone';

/** Which service acts on a permission for which purpose: for every other, the next reading is where it ends. */
const SERVICE_OF: Readonly<Record<string, string>> = {
  'immediate-protection': 'referral',
  accommodation: 'referral',
  'identification-decision': 'identification-intake',
};

/** The services that are told of a permission, each by its own reference. */
export const audiencesOf = ({ references }: CaseFile, purpose: string): Audience[] =>
  references.filter(({ service }) => service === SERVICE_OF[purpose]);

interface Wish {
  readonly permissionId: string;
  readonly channel: Channel;
  readonly said?: TakenBack | undefined;
}

/**
 * Her no counts at once: no new offer and no new read, from the next one on. It never ends a stay, a treatment or a legal deadline
 * (`domain.md` §4). Every service that was told has a clock to say what it closed; who withdrew by telephone is called back.
 */
export function withdrawPermission(
  file: CaseFile,
  { permissionId, channel, said: how }: Wish,
  rules: Consent,
  now: Instant,
): Decision<CaseFileEvent, 'not-found' | GuardianSays | 'said-in-the-future'> {
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!permission) return refuse('not-found', 'permission_id');
  const said = how ?? { guardianId: undefined, language: undefined, at: now };
  if (said.at > now) return refuse('said-in-the-future', 'said_at');
  const mute = said.guardianId === undefined ? undefined : whyHeMayNotSpeak(file.person, said.guardianId, said.at);
  if (mute) return mute;
  if (permission.withdrawnAt !== undefined) return ignore('already-withdrawn');
  const { own, stages } = endingWith(file, permission, now);
  return accept<CaseFileEvent>(
    ...stages.flatMap((one) =>
      ended(file, one, own.includes(one) ? 'withdrawn' : 'stage-before-withdrawn', { rules, now, channel, said }),
    ),
    ...(channel === 'telephone' ? [pledge('call-back', permissionId, after(now, rules.calledBackWithinMs))] : []),
  );
}

/** It, what it goes on with where that has not run out, and all that was given on the strength of either. */
function endingWith(file: CaseFile, permission: Permission, now: Instant) {
  const own = [permission, ...renewed(file, permission)];
  const isPast = (one: Permission): boolean => one !== permission && own.includes(one) && one.validUntil <= now;
  const stages = own
    .flatMap((one) => withStages(file, one))
    .filter((one, nth, all) => one.withdrawnAt === undefined && !isPast(one) && all.indexOf(one) === nth);
  return { own, stages };
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
  readonly said?: TakenBack;
}

/** A permission ends before its time: it is told to every service that knew of it, and each has a clock to answer. */
export function ended(
  file: CaseFile,
  { permissionId, purpose }: Permission,
  because: EndedBecause,
  { rules, now, channel, said }: Ending,
): CaseFileEvent[] {
  const audiences = audiencesOf(file, purpose).map((one) => ({ ...one, acknowledgedAt: undefined, closed: 0 }));
  const withdrawal = {
    permissionId,
    at: now,
    because,
    channel,
    audiences,
    calledBack: undefined,
    ...(said && { said }),
  };
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
