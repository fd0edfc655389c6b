import type { Consent, Power } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import { isOpen } from '../break-glass.ts';
import type { CaseFile } from '../case-file.ts';
import type { LegalBasis } from '../permission/consent-records.ts';
import { isValidAt, type Permission } from '../permission/consent-records.ts';
import { effectiveDenials, effectiveReceivers } from '../permission/effective-receivers.ts';
import { chosenReceivers } from '../permission/substitute-bases.ts';
import { isBehindBarrier } from './power-limits.ts';

/** A current relation of an organisation to this person, as `referral` reported it. */
export interface Relation {
  readonly holdId: string;
  readonly serviceClass: string;
  readonly region: string;
  readonly purpose: string;
}

/** A request to read one section. */
export interface Reading {
  readonly organisation: string;
  readonly section: string;
  readonly purpose: string;
  /** The current relations of the reader's organisation. */
  readonly relations: readonly Relation[];
  /** Powers of the reader's organisation, such as enforcement. */
  readonly powers: readonly Power[];
}

export type ReadVerdict =
  | { readonly isAllowed: true; readonly basis: string; readonly permissionId?: string }
  | { readonly isAllowed: false; readonly refusal: 'not-found' | 'no-basis' };

/**
 * Decides a reading by section, purpose, basis **and** relation, at each read. Without a relation the case does not exist for the reader. With one, a
 * basis must still cover this section for this purpose, and no power limit may forbid it.
 */
export function mayRead(
  file: CaseFile,
  reading: Reading,
  powerLimits: Consent['powerLimits'],
  now: Instant,
): ReadVerdict {
  const own = reading.organisation === file.ownerOrg;
  const relations = reading.relations.filter((one) => isForPurpose(one, reading.purpose));
  const related = relations.length > 0;
  const opening = file.openings.find(
    (one) => one.organisation === reading.organisation && isOpen(one, now),
  );
  const controls = file.bases.some(
    (one) => one.controller === reading.organisation && isBasisValid(one, now),
  );
  if (!own && !related && !opening && !controls && !isNamed(file, reading, now))
    return { isAllowed: false, refusal: 'not-found' };
  if (isBehindBarrier(powerLimits, reading.powers, reading))
    return { isAllowed: false, refusal: 'no-basis' };
  const basis = file.bases.find(
    (one) =>
      isBasisValid(one, now) &&
      covers(one, reading) &&
      isReader(one, file, { ...reading, relations }, now),
  );
  if (basis) return { isAllowed: true, basis: basis.code };
  const permission = file.permissions.find(
    (one) =>
      isValidAt(one, now) && covers(one, reading) && isReceiver(file, one, reading, relations),
  );
  if (permission)
    return { isAllowed: true, basis: 'permission', permissionId: permission.permissionId };
  // The owner knows what it wrote itself, so it needs no other basis to read it.
  if (own && file.sections[reading.section]?.writtenBy === reading.organisation)
    return { isAllowed: true, basis: 'own-record' };
  if (opening?.sections.includes(reading.section)) return { isAllowed: true, basis: 'break-glass' };
  return { isAllowed: false, refusal: 'no-basis' };
}

/** A relation for accommodation also serves immediate protection, because a search that began for protection ends at a shelter. */
const isForPurpose = (relation: Relation, purpose: string): boolean =>
  relation.purpose === purpose ||
  (relation.purpose === 'accommodation' && purpose === 'immediate-protection');

const isBasisValid = (basis: LegalBasis, now: Instant): boolean =>
  isValidAt(basis, now) && basis.endedAt === undefined;

/**
 * The owner's basis covers the organisations with a relation, limited to its receivers where it names some. Another controller's basis covers only
 * that controller (`domain.md` §4). Receivers about whom the person decided need a permission.
 */
function isReader(
  basis: LegalBasis,
  file: CaseFile,
  { organisation, section, relations }: Reading,
  now: Instant,
): boolean {
  const chosen = chosenReceivers(file, basis, section, now);
  const { receivers, controller } = basis;
  if (
    [...chosen.organisationIds, ...(receivers?.excludedOrganisationIds ?? [])].includes(
      organisation,
    )
  )
    return false;
  const allowed = relations.filter(
    ({ region, serviceClass }) =>
      !receivers?.excludedRegions.includes(region) && !chosen.serviceClasses.includes(serviceClass),
  );
  if (relations.length > 0 && allowed.length === 0) return false;
  if (organisation === controller) return true;
  if (controller !== file.ownerOrg || allowed.length === 0) return false;
  if (!receivers || receivers.organisationIds.includes(organisation)) return true;
  return allowed.some(({ serviceClass }) => receivers.serviceClasses.includes(serviceClass));
}

const covers = (
  authorisation: Pick<Permission, 'purpose' | 'sections'>,
  { section, purpose }: Reading,
): boolean => authorisation.purpose === purpose && authorisation.sections.includes(section);

/** A valid permission names the organisation, and no denial removes it. */
const isNamed = (file: CaseFile, { organisation }: Reading, now: Instant): boolean =>
  file.permissions.some(
    (one) =>
      isValidAt(one, now) &&
      one.sections.some((section) => {
        const effective = effectiveReceivers(one, effectiveDenials(file), section);
        return (
          effective.organisationIds.includes(organisation) &&
          !effective.excludedOrganisationIds.includes(organisation)
        );
      }),
  );

/** An organisation may have several relations to this person; one permitted relation suffices. */
function isReceiver(
  file: CaseFile,
  permission: Permission,
  { organisation, section }: Reading,
  relations: readonly Relation[],
): boolean {
  const effective = effectiveReceivers(permission, effectiveDenials(file), section);
  if (effective.excludedOrganisationIds.includes(organisation)) return false;
  const allowed = relations.filter(
    ({ region, serviceClass }) =>
      !effective.excludedRegions.includes(region) &&
      !effective.excludedClasses.includes(serviceClass),
  );
  if (relations.length > 0 && allowed.length === 0) return false;
  if (effective.organisationIds.includes(organisation)) return true;
  return allowed.some(({ serviceClass }) => effective.serviceClasses.includes(serviceClass));
}
