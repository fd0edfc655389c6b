import type { Consent } from '@opennrm/country';
import {
  accept,
  after,
  type Decision,
  type Instant,
  instant,
  refuse,
} from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { deadline, deadlineMet } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import { type ConsentRefusal, consentRefusal } from '../person/who-may-consent.ts';
import type { NewPermission, Permission } from './consent-records.ts';
import {
  effectiveDenials,
  firstGivenAt,
  isWithdrawnByPerson,
  type NamedReceivers,
} from './effective-receivers.ts';
import { type StageRefusal, stageRefusal } from './stages.ts';
import { consentDeadlineMet, narrowSubstitutes, permissionChoice } from './substitute-bases.ts';

export type PermissionRefusal =
  | 'already-exists'
  | 'ends-before-it-begins'
  | 'already-ended'
  | 'too-long'
  | 'receiver-missing'
  | 'unknown-receiver'
  | 'denied-since'
  | StageRefusal
  | ConsentRefusal;

export interface Granting {
  readonly rules: Consent;
  readonly now: Instant;
  /** Organisations that the receiver rule names and that the vault does not know. */
  readonly unknownReceivers: readonly string[];
}

/** The person, or their guardian, permits sharing: receivers, sections, purpose and time. */
export function grantPermission(
  file: CaseFile,
  permission: NewPermission,
  { rules, now, unknownReceivers }: Granting,
): Decision<CaseFileEvent, PermissionRefusal> {
  if (file.permissions.some((one) => one.permissionId === permission.permissionId))
    return refuse('already-exists', 'permission_id');
  const { organisationIds, serviceClasses } = permission.receivers;
  if (organisationIds.length === 0 && serviceClasses.length === 0)
    return refuse('receiver-missing', 'receivers');
  if (unknownReceivers.length > 0) return refuse('unknown-receiver', 'receivers.organisation_ids');
  const { validFrom, validUntil, given } = permission;
  if (validUntil <= validFrom) return refuse('ends-before-it-begins', 'valid_until');
  if (validUntil <= now) return refuse('already-ended', 'valid_until');
  if (validUntil - validFrom > rules.longestPermissionMs) return refuse('too-long', 'valid_until');
  const refused = consentRefusal(file.person, { ...given, permission: true }, rules, now);
  if (refused) return refused;
  if (isDeniedSince(file, permission)) return refuse('denied-since', 'given_at');
  return (
    stageRefusal(file, permission, now) ??
    accept<CaseFileEvent>(...granted(file, permission, rules, now))
  );
}

function granted(
  file: CaseFile,
  permission: NewPermission,
  rules: Consent,
  now: Instant,
): CaseFileEvent[] {
  const { permissionId, validUntil, purpose } = permission;
  const soon = after(validUntil, -rules.warnBeforeEndMs);
  const whole = withEarlierExclusions(file, permission);
  const ownChoice = permissionChoice(whole);
  return [
    { type: 'PermissionGranted', permission: whole },
    ...(soon > now ? [deadline('permission-ends-soon', permissionId, soon)] : []),
    deadline('permission-ends', permissionId, validUntil),
    ...endRenewedPermission(file, permission, now),
    ...narrowSubstitutes(file, purpose, ownChoice, now),
    ...consentDeadlineMet(file, purpose, ownChoice, now),
  ];
}

/** Exclusions of the permission before, and the time of its statement, also apply to a later stage and to a renewal. */
function withEarlierExclusions(file: CaseFile, permission: NewPermission): NewPermission {
  const { receivers, after: stage, renews } = permission;
  const before = file.permissions.find((one) => one.permissionId === (renews ?? stage));
  if (!before) return permission;
  const both = (one: readonly string[], other: readonly string[]): string[] => [
    ...new Set([...one, ...other]),
  ];
  return {
    ...permission,
    firstGivenAt: instant(firstGivenAt(before)),
    receivers: {
      ...receivers,
      excludedRegions: both(before.receivers.excludedRegions, receivers.excludedRegions),
      excludedOrganisationIds: both(
        before.receivers.excludedOrganisationIds,
        receivers.excludedOrganisationIds,
      ),
    },
  };
}

/** The renewed permission ends when its renewal begins. */
function endRenewedPermission(
  file: CaseFile,
  { renews, validFrom }: NewPermission,
  now: Instant,
): CaseFileEvent[] {
  const before = file.permissions.find((one) => one.permissionId === renews);
  if (!before) return [];
  const { permissionId } = before;
  const validUntil = instant(Math.max(now, validFrom));
  return [
    ...(validUntil < before.validUntil
      ? [{ type: 'PermissionShortened', permissionId, validUntil } as const]
      : []),
    ...deadlineMet(file, 'permission-ends-soon', permissionId),
    ...deadlineMet(file, 'permission-ends', permissionId),
  ];
}

/** A permission stated before a denial or withdrawal for the same receivers does not overrule it, even when it is recorded later. */
function isDeniedSince(
  file: CaseFile,
  { purpose, sections, given, receivers }: NewPermission,
): boolean {
  const about = (one: {
    readonly purpose: string;
    readonly sections: readonly string[];
  }): boolean =>
    one.purpose === purpose && one.sections.some((section) => sections.includes(section));
  return (
    effectiveDenials(file).some(
      (denial) => about(denial) && denial.given.at > given.at && overlaps(denial, receivers),
    ) ||
    file.permissions.some(
      (one) =>
        isWithdrawnByPerson(one) &&
        about(one) &&
        mayOverlap(one.receivers, receivers) &&
        withdrawalStatedAt(file, one) > given.at,
    )
  );
}

/** When the withdrawal was stated, where known; else when it was recorded. */
const withdrawalStatedAt = (
  { withdrawals }: CaseFile,
  { permissionId, withdrawnAt }: Permission,
): number =>
  withdrawals.find((one) => one.permissionId === permissionId)?.statement?.at ?? withdrawnAt ?? 0;

const hasCommon = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((name) => other.includes(name));

const overlaps = (one: NamedReceivers, other: NamedReceivers): boolean =>
  hasCommon(one.organisationIds, other.organisationIds) ||
  hasCommon(one.serviceClasses, other.serviceClasses);

/** The file does not know the classes of an organisation, so a named organisation may belong to any named class. */
const mayOverlap = (one: NamedReceivers, other: NamedReceivers): boolean =>
  overlaps(one, other) ||
  (one.organisationIds.length > 0 && other.serviceClasses.length > 0) ||
  (one.serviceClasses.length > 0 && other.organisationIds.length > 0);
