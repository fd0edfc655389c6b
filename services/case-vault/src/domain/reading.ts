import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile, Ground, Permission } from './case-file.ts';

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
}

export type MayRead =
  | { readonly may: true; readonly basis: string }
  | { readonly may: false; readonly refusal: 'not-found' | 'no-basis' };

/**
 * Section, purpose, basis **and** relation, checked at each read. Without a relation the case does not exist for the reader; with one,
 * a basis must still cover this section for this purpose.
 */
export function mayRead(file: CaseFile, reading: Reading, now: Instant): MayRead {
  const own = reading.organisation === file.ownerOrg;
  const named = file.permissions.some((one) => names(one, reading.organisation) && stands(one, now));
  const relations = reading.relations.filter((one) => one.purpose === reading.purpose);
  const related = relations.length > 0;
  if (!own && !named && !related) return { may: false, refusal: 'not-found' };
  const basis = file.bases.find((one) => stands(one, now) && covers(one, reading));
  if (basis && (own || related)) return { may: true, basis: basis.code };
  const permitted = file.permissions.some(
    (one) => stands(one, now) && covers(one, reading) && receives(one, reading.organisation, relations),
  );
  if (permitted) return { may: true, basis: 'permission' };
  // What an organisation wrote into its own case's file it need not be told: it knows it.
  if (own && file.sections[reading.section]?.writtenBy === reading.organisation)
    return { may: true, basis: 'own-record' };
  return { may: false, refusal: 'no-basis' };
}

const stands = (ground: Ground & Partial<Permission>, now: Instant): boolean =>
  ground.validFrom <= now && now < ground.validUntil && (ground.withdrawnAt === undefined || now < ground.withdrawnAt);

const covers = (ground: Ground, { section, purpose }: Reading): boolean =>
  ground.purpose === purpose && ground.sections.includes(section);

const names = ({ receivers }: Permission, organisation: string): boolean =>
  receivers.organisationIds.includes(organisation) && !receivers.excludedOrganisationIds.includes(organisation);

/** An organisation may have several services with this person: one that is permitted is enough, whichever it is. */
function receives({ receivers }: Permission, organisation: string, relations: readonly Relation[]): boolean {
  if (receivers.excludedOrganisationIds.includes(organisation)) return false;
  const allowed = relations.filter(({ region }) => !receivers.excludedRegions.includes(region));
  if (relations.length > 0 && allowed.length === 0) return false;
  if (receivers.organisationIds.includes(organisation)) return true;
  return allowed.some(({ serviceClass }) => receivers.serviceClasses.includes(serviceClass));
}
