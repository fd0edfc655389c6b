import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { type NewPermission, type Permission, type ReceiverRule, stands } from './given.ts';
import { countingNoes, leftOfReceivers } from './left.ts';

export type StageRefusal = 'unknown-stage' | 'wider-than-before';

type Refused = Decision<never, StageRefusal> | undefined;

/**
 * A later stage, or a renewal, goes on with what she said before, as her noes since have left it: it may name whom, or make it longer, and never
 * widen it. Undefined where it may; else why not.
 */
export const whyItGoesNotOn = (file: CaseFile, permission: NewPermission, now: Instant): Refused =>
  whyNoRenewal(file, permission) ?? whyNoStage(file, permission, now);

function whyNoRenewal(file: CaseFile, permission: NewPermission): Refused {
  if (permission.renews === undefined) return undefined;
  const before = file.permissions.find((one) => one.permissionId === permission.renews);
  if (!before || before.withdrawnAt !== undefined) return refuse('unknown-stage', 'renews_permission_id');
  const { receivers } = permission;
  const saysAgain =
    within(before.receivers.excludedOrganisationIds, receivers.excludedOrganisationIds) &&
    within(before.receivers.excludedRegions, receivers.excludedRegions);
  return whyWider(
    file,
    permission,
    before,
    (left) => saysAgain && within(receivers.organisationIds, left.organisationIds),
  );
}

/** A stage ends with the one before it, also by time; whom it names may be one of a class that was permitted. */
function whyNoStage(file: CaseFile, permission: NewPermission, now: Instant): Refused {
  if (permission.after === undefined) return undefined;
  const before = file.permissions.find((one) => one.permissionId === permission.after);
  if (!before || !stands(before, now)) return refuse('unknown-stage', 'after_permission_id');
  if (permission.validUntil > before.validUntil) return refuse('wider-than-before', 'valid_until');
  return whyWider(file, permission, before, (left) =>
    permission.receivers.organisationIds.every(
      (one) =>
        !left.excludedOrganisationIds.includes(one) &&
        (left.organisationIds.includes(one) || left.serviceClasses.length > 0),
    ),
  );
}

function whyWider(
  file: CaseFile,
  { purpose, sections, receivers }: NewPermission,
  before: Permission,
  mayName: (left: ReceiverRule) => boolean,
): Refused {
  if (before.purpose !== purpose) return refuse('wider-than-before', 'purpose');
  if (!within(sections, before.sections)) return refuse('wider-than-before', 'sections');
  const noes = countingNoes(file);
  const fine = sections.every((section) => {
    const left = leftOfReceivers(before, noes, section);
    return mayName(left) && within(receivers.serviceClasses, left.serviceClasses);
  });
  return fine ? undefined : refuse('wider-than-before', 'receivers');
}

const within = (list: readonly string[], of: readonly string[]): boolean => list.every((one) => of.includes(one));
