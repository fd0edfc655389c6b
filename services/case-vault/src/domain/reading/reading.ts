import type { Consent, Power } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import { isOpen } from '../break-glass.ts';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import { type Permission, stands } from '../permission/given.ts';
import { countingNoes, leftOfReceivers } from '../permission/left.ts';
import { spokenFor } from '../permission/stand-ins.ts';
import { isBehindWall } from './walls.ts';

/** That an organisation has to do with this person now, as `referral` said it. */
export interface Relation {
  readonly holdId: string;
  readonly serviceClass: string;
  readonly region: string;
  readonly purpose: string;
}

/** A wish to read one section. */
export interface Reading {
  readonly organisation: string;
  readonly section: string;
  readonly purpose: string;
  /** The relations of the reader's organisation that stand now. */
  readonly relations: readonly Relation[];
  /** What the reader's organisation may do besides helping. */
  readonly powers: readonly Power[];
}

export type MayRead =
  | { readonly may: true; readonly basis: string; readonly permissionId?: string }
  | { readonly may: false; readonly refusal: 'not-found' | 'no-basis' };

/**
 * Section, purpose, basis **and** relation, checked at each read. Without a relation the case does not exist for the reader; with one,
 * a basis must still cover this section for this purpose, and no wall stand before it.
 */
export function mayRead(file: CaseFile, reading: Reading, walls: Consent['walls'], now: Instant): MayRead {
  const own = reading.organisation === file.ownerOrg;
  const relations = reading.relations.filter((one) => isFor(one, reading.purpose));
  const related = relations.length > 0;
  const glass = file.opened.find((one) => one.organisation === reading.organisation && isOpen(one, now));
  const controls = file.bases.some((one) => one.controller === reading.organisation && holds(one, now));
  if (!own && !related && !glass && !controls && !isNamed(file, reading, now))
    return { may: false, refusal: 'not-found' };
  if (isBehindWall(walls, reading.powers, reading)) return { may: false, refusal: 'no-basis' };
  const basis = file.bases.find(
    (one) => holds(one, now) && covers(one, reading) && serves(one, file, { ...reading, relations }, now),
  );
  if (basis) return { may: true, basis: basis.code };
  const permission = file.permissions.find(
    (one) => stands(one, now) && covers(one, reading) && receives(file, one, reading, relations),
  );
  if (permission) return { may: true, basis: 'permission', permissionId: permission.permissionId };
  // What an organisation wrote into its own case's file it need not be told: it knows it.
  if (own && file.sections[reading.section]?.writtenBy === reading.organisation)
    return { may: true, basis: 'own-record' };
  if (glass?.sections.includes(reading.section)) return { may: true, basis: 'break-glass' };
  return { may: false, refusal: 'no-basis' };
}

/** A place to stay is protection too: a search that began on the one purpose ends at somebody who reads on it. */
const isFor = (relation: Relation, purpose: string): boolean =>
  relation.purpose === purpose || (relation.purpose === 'accommodation' && purpose === 'immediate-protection');

const holds = (basis: LegalBasis, now: Instant): boolean => stands(basis, now) && basis.endedAt === undefined;

/**
 * The owner's own basis covers whoever cares for her, or those whom it names; another controller's only that controller (`domain.md` §4: a basis for
 * each). Of whom she has spoken herself, they stand on her word alone.
 */
function serves(
  basis: LegalBasis,
  file: CaseFile,
  { organisation, section, relations }: Reading,
  now: Instant,
): boolean {
  const spoken = spokenFor(file, basis, section, now);
  const { receivers, controller } = basis;
  if ([...spoken.organisationIds, ...(receivers?.excludedOrganisationIds ?? [])].includes(organisation)) return false;
  const left = relations.filter(
    ({ region, serviceClass }) =>
      !receivers?.excludedRegions.includes(region) && !spoken.serviceClasses.includes(serviceClass),
  );
  if (relations.length > 0 && left.length === 0) return false;
  if (organisation === controller) return true;
  if (controller !== file.ownerOrg || left.length === 0) return false;
  if (!receivers || receivers.organisationIds.includes(organisation)) return true;
  return left.some(({ serviceClass }) => receivers.serviceClasses.includes(serviceClass));
}

const covers = (ground: Pick<Permission, 'purpose' | 'sections'>, { section, purpose }: Reading): boolean =>
  ground.purpose === purpose && ground.sections.includes(section);

/** Somebody whom a standing permission names has to do with her, unless she said no to them since. */
const isNamed = (file: CaseFile, { organisation }: Reading, now: Instant): boolean =>
  file.permissions.some(
    (one) =>
      stands(one, now) &&
      one.sections.some((section) => {
        const left = leftOfReceivers(one, countingNoes(file), section);
        return left.organisationIds.includes(organisation) && !left.excludedOrganisationIds.includes(organisation);
      }),
  );

/** An organisation may have several services with this person: one that is permitted is enough, whichever it is. */
function receives(
  file: CaseFile,
  permission: Permission,
  { organisation, section }: Reading,
  relations: readonly Relation[],
): boolean {
  const left = leftOfReceivers(permission, countingNoes(file), section);
  if (left.excludedOrganisationIds.includes(organisation)) return false;
  const allowed = relations.filter(
    ({ region, serviceClass }) =>
      !left.excludedRegions.includes(region) && !left.excludedClasses.includes(serviceClass),
  );
  if (relations.length > 0 && allowed.length === 0) return false;
  if (left.organisationIds.includes(organisation)) return true;
  return allowed.some(({ serviceClass }) => left.serviceClasses.includes(serviceClass));
}
