import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type SpeakingRefusal, whyItDoesNotCount } from '../person/speaking.ts';
import { kept, pledge } from '../pledges.ts';
import { type NewPermission, stands } from './given.ts';
import { standInsEnd } from './stand-ins.ts';

export type PermissionRefusal =
  | 'already-exists'
  | 'ends-before-it-begins'
  | 'already-ended'
  | 'too-long'
  | 'nobody-may-receive'
  | 'unknown-receiver'
  | 'said-no-since'
  | 'unknown-stage'
  | 'wider-than-before'
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
  return stageOf(file, permission, now) ?? accept<CaseFileEvent>(...granted(file, permission, rules, now));
}

function granted(file: CaseFile, permission: NewPermission, rules: Consent, now: Instant): CaseFileEvent[] {
  const { permissionId, validUntil, purpose, renews } = permission;
  const soon = after(validUntil, -rules.endsSoonBeforeMs);
  return [
    { type: 'PermissionGranted', permission },
    ...(soon > now ? [pledge('permission-ends-soon', permissionId, soon)] : []),
    pledge('permission-ends', permissionId, validUntil),
    ...(renews === undefined
      ? []
      : [...kept(file, 'permission-ends-soon', renews), ...kept(file, 'permission-ends', renews)]),
    ...standInsEnd(file, purpose, now),
  ];
}

/** What was said before a no is no answer to it, however late it is written down. */
const saidNoSince = (file: CaseFile, { purpose, sections, given }: NewPermission): boolean => {
  const overlaps = (one: { readonly purpose: string; readonly sections: readonly string[] }): boolean =>
    one.purpose === purpose && one.sections.some((section) => sections.includes(section));
  return (
    file.refusals.some((no) => overlaps(no) && no.given.at > given.at) ||
    file.permissions.some(
      (one) =>
        one.because === 'withdrawn' && overlaps(one) && one.withdrawnAt !== undefined && one.withdrawnAt > given.at,
    )
  );
};

/** A later stage, or a renewal, goes on with what she said before: it may name whom, or make it longer, and never widen it. */
function stageOf(
  file: CaseFile,
  { after: stage, renews, purpose, sections, receivers }: NewPermission,
  now: Instant,
): Decision<never, PermissionRefusal> | undefined {
  const field = renews === undefined ? 'after_permission_id' : 'renews_permission_id';
  const id = renews ?? stage;
  if (id === undefined) return undefined;
  const before = file.permissions.find((one) => one.permissionId === id);
  const goesOn = before && (renews === undefined ? stands(before, now) : before.withdrawnAt === undefined);
  if (!before || !goesOn) return refuse('unknown-stage', field);
  if (before.purpose !== purpose) return refuse('wider-than-before', 'purpose');
  if (renews === undefined) return undefined;
  const within = (list: readonly string[], of: readonly string[]): boolean => list.every((one) => of.includes(one));
  const narrower =
    within(receivers.organisationIds, before.receivers.organisationIds) &&
    within(receivers.serviceClasses, before.receivers.serviceClasses) &&
    within(before.receivers.excludedOrganisationIds, receivers.excludedOrganisationIds) &&
    within(before.receivers.excludedRegions, receivers.excludedRegions);
  if (!narrower) return refuse('wider-than-before', 'receivers');
  return within(sections, before.sections) ? undefined : refuse('wider-than-before', 'sections');
}
