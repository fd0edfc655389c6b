import type { Instant } from '@opennrm/runtime/decision';
import { rules } from '../case.fixture.ts';
import type { LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { NewPermission, Refusal } from '../permission/given.ts';
import { type Entry, type Question, standing } from './reading.fixture.ts';
import type { Relation } from './reading.ts';

type Of<Type extends CaseFileEvent['type']> = Extract<CaseFileEvent, { readonly type: Type }>;
type Dated<Type extends CaseFileEvent['type']> = Of<Type> & { readonly nth: number; readonly on: Instant };

/**
 * The oracle, straight from the records. In words: a section is readable at a moment when **a reason was recorded that holds at that moment**:
 * a legal basis of the owner (for the owner, or for one who has a relation for this purpose and whom it reaches) or of the reader, where it stands
 * in for her word only for those of whom she has not spoken since; a permission whose rule, and those of all it goes on with, let this organisation
 * receive and that no no of hers took it out of; a file opened in an emergency; or that the owner wrote the newest version itself.
 * Without any tie to the person she does not even exist for the reader. What a wall stands before, no reason opens.
 */
export function sayTheRecords(records: readonly Entry[], ownerOrg: string, asked: Question, t: Instant) {
  const said = new Said(records);
  const ties = standing(records, asked.organisation).filter(({ purpose }) => purpose === asked.purpose);
  const isOwner = asked.organisation === ownerOrg;
  const holds = (one: { validFrom: number; validUntil: number }): boolean => t >= one.validFrom && t < one.validUntil;
  const isAbout = (one: { sections: readonly string[]; purpose: string }): boolean =>
    one.purpose === asked.purpose && one.sections.some((section) => section === asked.section);

  const permissions = said.permissions().filter((one) => holds(one) && t < said.endOf(one));
  const gone = new Set(said.every('BasisEnded').map(({ basisId }) => basisId));
  const bases = said.every('BasisRecorded').filter(({ basis }) => holds(basis) && !gone.has(basis.basisId));
  const glass = said
    .every('OpeningAsked')
    .map(({ opened: one }) => ({ ...one, until: said.closing(one.openingId) }))
    .filter((one) => one.organisation === asked.organisation && t >= one.at && t < one.until);
  const newest = said.every('SectionWritten').findLast(({ section }) => section === asked.section);

  const reasons = [
    ...bases
      .filter(({ basis }) => isAbout(basis))
      .filter((one) => reaches(one, asked, { ties, ownerOrg, spoken: said.spokenSince(one, asked.section, t) }))
      .map(({ basis }) => basis.code),
    ...permissions.filter((one) => isAbout(one) && letsIn(one, asked, ties, said)).map(() => 'permission'),
    ...(isOwner && newest?.writtenBy === ownerOrg ? ['own-record'] : []),
    ...glass.filter(({ sections }) => sections.includes(asked.section)).map(() => 'break-glass'),
  ];
  const isKnown =
    isOwner ||
    ties.length > 0 ||
    glass.length > 0 ||
    bases.some(({ basis }) => basis.controller === asked.organisation) ||
    permissions.some((one) => one.sections.some((section) => isNamed(one, { ...asked, section }, said)));
  return { reasons: isWalled(asked) ? [] : reasons, refusal: isKnown ? 'no-basis' : 'not-found' };
}

const isWalled = ({ powers, purpose, section }: Question): boolean =>
  rules.walls.some(
    (wall) => powers.includes(wall.power) && !(wall.purposes.includes(purpose) && wall.sections.includes(section)),
  );

interface Names {
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** What was said, and by whom, in its order. */
class Said {
  readonly #events: readonly { readonly event: CaseFileEvent; readonly nth: number; readonly on: Instant }[];

  constructor(records: readonly Entry[]) {
    this.#events = records.flatMap((entry, nth) =>
      entry.kind === 'event' ? [{ event: entry.event, nth, on: entry.at }] : [],
    );
  }

  every<Type extends CaseFileEvent['type']>(type: Type): Dated<Type>[] {
    return this.#events.flatMap(({ event, nth, on }) =>
      event.type === type ? [{ ...(event as Of<Type>), nth, on }] : [],
    );
  }

  permissions(): (NewPermission & { readonly nth: number })[] {
    return this.every('PermissionGranted').map(({ permission, nth }) => ({ ...permission, nth }));
  }

  closing(openingId: string): number {
    return this.every('FileOpened').find((one) => one.openingId === openingId)?.until ?? 0;
  }

  /** A permission and all that it goes on with, newest first. */
  chain(one: NewPermission): NewPermission[] {
    const before = this.permissions().find(({ permissionId }) => permissionId === (one.renews ?? one.after));
    return before ? [one, ...this.chain(before)] : [one];
  }

  /** When it stops: taken back (it, or whatever renews it), renewed, or said by somebody who may not speak for her any more. */
  endOf(one: NewPermission & { readonly nth: number }): number {
    const renewals = this.permissions().filter(({ renews }) => renews === one.permissionId);
    const ends = [
      ...this.every('PermissionWithdrawn')
        .filter(({ permissionId }) => permissionId === one.permissionId)
        .map(({ on }) => on),
      ...renewals.map((other) => Math.max(this.#events.find(({ nth }) => nth === other.nth)?.on ?? 0, other.validFrom)),
      ...renewals.map((other) => this.#takenBack(other.permissionId)),
      ...this.every('GuardianSuspected')
        .filter(({ guardianId, nth }) => guardianId === one.given.guardianId && nth > one.nth)
        .map(({ on }) => on),
      ...this.every('CameOfAge')
        .filter(({ nth }) => one.given.guardianId !== undefined && nth > one.nth)
        .map(({ on }) => on),
    ];
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  }

  #takenBack(id: string): number {
    const own = this.every('PermissionWithdrawn').filter(({ permissionId }) => permissionId === id);
    const later = this.permissions().filter(({ renews }) => renews === id);
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...own.filter(({ because }) => because === 'withdrawn').map(({ on }) => on),
      ...later.map((one) => this.#takenBack(one.permissionId)),
    );
  }

  /** Her noes; those of a guardian who is under suspicion are none. */
  noes(): (Refusal & { readonly nth: number })[] {
    const suspected = this.every('GuardianSuspected').map(({ guardianId }) => guardianId);
    return this.every('PermissionRefused')
      .map(({ refusal, nth }) => ({ ...refusal, nth }))
      .filter(({ given }) => given.guardianId === undefined || !suspected.includes(given.guardianId));
  }

  /** Of whom she has spoken since a basis began to stand in for her, of this section, by now; and of whom before, as it was kept. */
  spokenSince({ basis, nth }: Dated<'BasisRecorded'>, section: string, t: Instant): Names[] {
    if (!basis.standsIn) return [];
    const about = (one: { purpose: string; sections: readonly string[]; nth: number }): boolean =>
      one.purpose === basis.purpose && one.sections.includes(section) && one.nth > nth;
    const counting = this.noes().map(({ refusalId }) => refusalId);
    const all = this.every('PermissionRefused').map(({ refusal }) => refusal.refusalId);
    const before = (basis.spoken ?? []).filter(
      ({ by, sections }) => sections.includes(section) && (counting.includes(by) || !all.includes(by)),
    );
    const yeses = this.permissions().filter(
      (one) =>
        about(one) &&
        (one.validFrom <= t ||
          this.every('PermissionWithdrawn').some(({ permissionId }) => permissionId === one.permissionId)),
    );
    return [
      ...before.filter(({ from, by }) => from <= t || !all.includes(by)),
      ...this.noes().filter(about),
      ...yeses.map(({ receivers }) => ({
        organisationIds: [...receivers.organisationIds, ...receivers.excludedOrganisationIds],
        serviceClasses: receivers.serviceClasses,
      })),
    ];
  }
}

/** Exclusions and her own words first; then whom it names, or whoever cares for her. */
function reaches(
  { basis }: { readonly basis: LegalBasis },
  asked: Question,
  {
    ties,
    ownerOrg,
    spoken,
  }: { readonly ties: readonly Relation[]; readonly ownerOrg: string; readonly spoken: readonly Names[] },
): boolean {
  const { receivers, controller } = basis;
  if (spoken.some(({ organisationIds }) => organisationIds.includes(asked.organisation))) return false;
  if (receivers?.excludedOrganisationIds.includes(asked.organisation)) return false;
  const open = ties.filter(
    ({ serviceClass, region }) =>
      !spoken.some(({ serviceClasses }) => serviceClasses.includes(serviceClass)) &&
      !(receivers?.excludedRegions ?? []).includes(region),
  );
  if (ties.length > 0 && open.length === 0) return false;
  if (asked.organisation === controller) return true;
  if (controller !== ownerOrg) return false;
  if (!receivers) return open.length > 0;
  return open.some(
    ({ serviceClass }) =>
      receivers.serviceClasses.includes(serviceClass) || receivers.organisationIds.includes(asked.organisation),
  );
}

/** What her noes take out of a yes, for one section: since the first word of its chain all; by name also before, unless she names them in it. */
function taken(one: NewPermission, section: string, said: Said): Names[] {
  const first = said.chain(one).at(-1)?.given.at ?? one.given.at;
  return said
    .noes()
    .filter((no) => no.purpose === one.purpose && no.sections.includes(section))
    .map((no) =>
      no.given.at < first
        ? {
            organisationIds: no.organisationIds.filter((name) => !one.receivers.organisationIds.includes(name)),
            serviceClasses: [],
          }
        : no,
    );
}

const excludes = (one: NewPermission, organisation: string, said: Said): boolean =>
  said.chain(one).some(({ receivers }) => receivers.excludedOrganisationIds.includes(organisation));

const isNamed = (one: NewPermission, { organisation, section }: Question, said: Said): boolean =>
  one.receivers.organisationIds.includes(organisation) &&
  !excludes(one, organisation, said) &&
  !taken(one, section, said).some(({ organisationIds }) => organisationIds.includes(organisation));

/** Exclusions and noes first; then by name, or by the class of one of its services that is outside the excluded regions. */
function letsIn(one: NewPermission, asked: Question, ties: readonly Relation[], said: Said): boolean {
  const { receivers: rule } = one;
  const noes = taken(one, asked.section, said);
  if (excludes(one, asked.organisation, said)) return false;
  if (noes.some(({ organisationIds }) => organisationIds.includes(asked.organisation))) return false;
  if (ties.length === 0) return isNamed(one, asked, said);
  const allowed = ties.filter(
    ({ region, serviceClass }) =>
      !said.chain(one).some(({ receivers }) => receivers.excludedRegions.includes(region)) &&
      !noes.some(({ serviceClasses }) => serviceClasses.includes(serviceClass)),
  );
  if (allowed.length === 0) return false;
  return (
    rule.organisationIds.includes(asked.organisation) ||
    allowed.some(({ serviceClass }) => rule.serviceClasses.includes(serviceClass))
  );
}
