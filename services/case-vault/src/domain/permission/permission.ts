import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type SpeakingRefusal, whyItDoesNotCount } from '../person/speaking.ts';
import { kept, pledge } from '../pledges.ts';
import type { NewPermission, Permission } from './given.ts';
import { countingNoes, isTakenBackByHer, type Named, saidFirst } from './left.ts';
import { type StageRefusal, whyItGoesNotOn } from './stages.ts';
import { answered, spokenByYes, standInsYield } from './stand-ins.ts';

export type PermissionRefusal =
  | 'already-exists'
  | 'ends-before-it-begins'
  | 'already-ended'
  | 'too-long'
  | 'nobody-may-receive'
  | 'unknown-receiver'
  | 'said-no-since'
  | StageRefusal
  | SpeakingRefusal;

export interface Granting {
  readonly rules: Consent;
  readonly now: Instant;
  /** Organisations that the rule names and of whom nobody has heard. */
  readonly unknownReceivers: readonly string[];
}

/** The person permits sharing: with whom, which sections, what for, until when. */
export function grantPermission(
  file: CaseFile,
  permission: NewPermission,
  { rules, now, unknownReceivers }: Granting,
): Decision<CaseFileEvent, PermissionRefusal> {
  if (file.permissions.some((one) => one.permissionId === permission.permissionId))
    return refuse('already-exists', 'permission_id');
  const { organisationIds, serviceClasses } = permission.receivers;
  if (organisationIds.length === 0 && serviceClasses.length === 0) return refuse('nobody-may-receive', 'receivers');
  if (unknownReceivers.length > 0) return refuse('unknown-receiver', 'receivers.organisation_ids');
  const { validFrom, validUntil, given } = permission;
  if (validUntil <= validFrom) return refuse('ends-before-it-begins', 'valid_until');
  if (validUntil <= now) return refuse('already-ended', 'valid_until');
  if (validUntil - validFrom > rules.longestPermissionMs) return refuse('too-long', 'valid_until');
  const mute = whyItDoesNotCount(file.person, { ...given, yes: true }, rules, now);
  if (mute) return mute;
  if (saidNoSince(file, permission)) return refuse('said-no-since', 'given_at');
  return whyItGoesNotOn(file, permission, now) ?? accept<CaseFileEvent>(...granted(file, permission, rules, now));
}

function granted(file: CaseFile, permission: NewPermission, rules: Consent, now: Instant): CaseFileEvent[] {
  const { permissionId, validUntil, purpose } = permission;
  const soon = after(validUntil, -rules.endsSoonBeforeMs);
  const whole = goingOn(file, permission);
  const spoken = spokenByYes(whole);
  return [
    { type: 'PermissionGranted', permission: whole },
    ...(soon > now ? [pledge('permission-ends-soon', permissionId, soon)] : []),
    pledge('permission-ends', permissionId, validUntil),
    ...placeTaken(file, permission, now),
    ...standInsYield(file, purpose, spoken, now),
    ...answered(file, purpose, spoken, now),
  ];
}

/** Whom she had excluded stays excluded at a later stage, without being said again; and what she refused since the first word stays refused. */
function goingOn(file: CaseFile, permission: NewPermission): NewPermission {
  const { receivers, after: stage, renews } = permission;
  const before = file.permissions.find((one) => one.permissionId === (renews ?? stage));
  if (!before) return permission;
  const both = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];
  return {
    ...permission,
    saidFirst: instant(saidFirst(before)),
    receivers: {
      ...receivers,
      excludedRegions: both(before.receivers.excludedRegions, receivers.excludedRegions),
      excludedOrganisationIds: both(before.receivers.excludedOrganisationIds, receivers.excludedOrganisationIds),
    },
  };
}

/** The one that is renewed ends where its renewal begins: what she left out of that is left out from then on. */
function placeTaken(file: CaseFile, { renews, validFrom }: NewPermission, now: Instant): CaseFileEvent[] {
  const before = file.permissions.find((one) => one.permissionId === renews);
  if (!before) return [];
  const { permissionId } = before;
  const validUntil = instant(Math.max(now, validFrom));
  return [
    ...(validUntil < before.validUntil ? [{ type: 'PermissionShortened', permissionId, validUntil } as const] : []),
    ...kept(file, 'permission-ends-soon', permissionId),
    ...kept(file, 'permission-ends', permissionId),
  ];
}

/** What was said before a no to the same receivers is no answer to it, however late it is written down. */
function saidNoSince(file: CaseFile, { purpose, sections, given, receivers }: NewPermission): boolean {
  const about = (one: { readonly purpose: string; readonly sections: readonly string[] }): boolean =>
    one.purpose === purpose && one.sections.some((section) => sections.includes(section));
  return (
    countingNoes(file).some((no) => about(no) && no.given.at > given.at && namesTheSame(no, receivers)) ||
    file.permissions.some(
      (one) =>
        isTakenBackByHer(one) &&
        about(one) &&
        mayMeanTheSame(one.receivers, receivers) &&
        saidBackAt(file, one) > given.at,
    )
  );
}

/** When a permission was taken back: when it was said, and not when it was written down. */
const saidBackAt = ({ withdrawals }: CaseFile, { permissionId, withdrawnAt }: Permission): number =>
  withdrawals.find((one) => one.permissionId === permissionId)?.said?.at ?? withdrawnAt ?? 0;

const shares = (one: readonly string[], other: readonly string[]): boolean => one.some((name) => other.includes(name));

const namesTheSame = (one: Named, other: Named): boolean =>
  shares(one.organisationIds, other.organisationIds) || shares(one.serviceClasses, other.serviceClasses);

/** Nobody here knows to which class an organisation belongs: one that is named may be one of a class. */
const mayMeanTheSame = (one: Named, other: Named): boolean =>
  namesTheSame(one, other) ||
  (one.organisationIds.length > 0 && other.serviceClasses.length > 0) ||
  (one.serviceClasses.length > 0 && other.organisationIds.length > 0);
