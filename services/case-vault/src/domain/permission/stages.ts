import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import {
  isValidAt,
  type NewPermission,
  type Permission,
  type ReceiverRule,
} from './consent-records.ts';
import { effectiveDenials, effectiveReceivers } from './effective-receivers.ts';

export type StageRefusal = 'unknown-stage' | 'wider-than-before';

type Refused = Decision<never, StageRefusal> | undefined;

/**
 * Refuses a later stage or a renewal that is wider than the permission before it, after denials. A stage may name receivers of a permitted class; a
 * renewal may last longer. Undefined if allowed.
 */
export const stageRefusal = (file: CaseFile, permission: NewPermission, now: Instant): Refused =>
  renewalRefusal(file, permission) ?? laterStageRefusal(file, permission, now);

function renewalRefusal(file: CaseFile, permission: NewPermission): Refused {
  if (permission.renews === undefined) return undefined;
  const before = file.permissions.find((one) => one.permissionId === permission.renews);
  if (!before || before.withdrawnAt !== undefined)
    return refuse('unknown-stage', 'renews_permission_id');
  const { receivers } = permission;
  const repeatsExclusions =
    within(before.receivers.excludedOrganisationIds, receivers.excludedOrganisationIds) &&
    within(before.receivers.excludedRegions, receivers.excludedRegions);
  return wideningRefusal(
    file,
    permission,
    before,
    (effective) =>
      repeatsExclusions && within(receivers.organisationIds, effective.organisationIds),
  );
}

/** A stage ends no later than the permission before it. A named organisation may belong to a class that was permitted. */
function laterStageRefusal(file: CaseFile, permission: NewPermission, now: Instant): Refused {
  if (permission.after === undefined) return undefined;
  const before = file.permissions.find((one) => one.permissionId === permission.after);
  if (!before || !isValidAt(before, now)) return refuse('unknown-stage', 'after_permission_id');
  if (permission.validUntil > before.validUntil) return refuse('wider-than-before', 'valid_until');
  return wideningRefusal(file, permission, before, (effective) =>
    permission.receivers.organisationIds.every(
      (one) =>
        !effective.excludedOrganisationIds.includes(one) &&
        (effective.organisationIds.includes(one) || effective.serviceClasses.length > 0),
    ),
  );
}

function wideningRefusal(
  file: CaseFile,
  { purpose, sections, receivers }: NewPermission,
  before: Permission,
  mayName: (effective: ReceiverRule) => boolean,
): Refused {
  if (before.purpose !== purpose) return refuse('wider-than-before', 'purpose');
  if (!within(sections, before.sections)) return refuse('wider-than-before', 'sections');
  const denials = effectiveDenials(file);
  const fine = sections.every((section) => {
    const effective = effectiveReceivers(before, denials, section);
    return mayName(effective) && within(receivers.serviceClasses, effective.serviceClasses);
  });
  return fine ? undefined : refuse('wider-than-before', 'receivers');
}

const within = (list: readonly string[], of: readonly string[]): boolean =>
  list.every((one) => of.includes(one));
