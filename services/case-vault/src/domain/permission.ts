import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { CaseFile, Ground, LegalBasis, Permission } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';

export type GroundRefusal =
  | 'already-exists'
  | 'ends-before-it-begins'
  | 'already-ended'
  | 'nobody-may-receive'
  | 'not-a-basis'
  | 'not-found';

/** The person permits sharing: with whom, which sections, what for, until when. */
export function grantPermission(
  file: CaseFile,
  permission: Omit<Permission, 'withdrawnAt'>,
  now: Instant,
): Decision<CaseFileEvent, GroundRefusal> {
  if (file.permissions.some((one) => one.permissionId === permission.permissionId))
    return refuse('already-exists', 'permission_id');
  const { organisationIds, serviceClasses } = permission.receivers;
  if (organisationIds.length === 0 && serviceClasses.length === 0) return refuse('nobody-may-receive', 'receivers');
  return whenItHolds(permission, now) ?? accept<CaseFileEvent>({ type: 'PermissionGranted', permission });
}

/** Her no counts at once: no new offer and no new read. It never ends a stay or a treatment (`domain.md` §4). */
export function withdrawPermission(
  file: CaseFile,
  permissionId: string,
  now: Instant,
): Decision<CaseFileEvent, GroundRefusal> {
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!permission) return refuse('not-found', 'permission_id');
  if (permission.withdrawnAt !== undefined) return ignore('already-withdrawn');
  return accept<CaseFileEvent>({ type: 'PermissionWithdrawn', permissionId, at: now });
}

/** As the country pack and a disclosure name what the person said herself. */
const PERMISSION = 'permission';

/**
 * A legal basis other than permission, recorded by the controller that relies on it. Never a permission: as a basis it would have no
 * receivers, and her withdrawal would not end it.
 */
export function recordBasis(file: CaseFile, basis: LegalBasis, now: Instant): Decision<CaseFileEvent, GroundRefusal> {
  if (basis.code === PERMISSION) return refuse('not-a-basis', 'code');
  if (file.bases.some((one) => one.basisId === basis.basisId)) return refuse('already-exists', 'basis_id');
  return whenItHolds(basis, now) ?? accept<CaseFileEvent>({ type: 'BasisRecorded', basis });
}

function whenItHolds({ validFrom, validUntil }: Ground, now: Instant): Decision<never, GroundRefusal> | undefined {
  if (validUntil <= validFrom) return refuse('ends-before-it-begins', 'valid_until');
  return validUntil <= now ? refuse('already-ended', 'valid_until') : undefined;
}
