import type { Instant } from '@opennrm/runtime/decision';
import { rules } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { ConsentDenial, LegalBasis, NewPermission } from '../permission/consent-records.ts';
import { currentRelations, type Entry, type Question } from './reading.fixture.ts';
import type { Relation } from './reading.ts';

type Of<Type extends CaseFileEvent['type']> = Extract<CaseFileEvent, { readonly type: Type }>;
type Dated<Type extends CaseFileEvent['type']> = Of<Type> & {
  readonly nth: number;
  readonly on: Instant;
};

/**
 * The expected verdict, computed from the records only. A section is readable at a moment if a reason was recorded that is valid then:
 * - a legal basis of the owner, for the owner or for a receiver with a relation for this purpose; or a legal basis of the reader. A substitute basis
 *   does not cover receivers about whom the person has decided since;
 * - a permission that names or classes this organisation as a receiver, that excludes it nowhere in its chain, and from which no denial removed it;
 * - a file opened in an emergency;
 * - the owner wrote the newest version itself.
 *
 * Without any tie to the person the case does not exist for the reader. A power limit prevails over every reason.
 */
export function expectedVerdict(
  records: readonly Entry[],
  ownerOrg: string,
  asked: Question,
  t: Instant,
) {
  const history = new RecordedHistory(records);
  const ties = currentRelations(records, asked.organisation).filter(
    ({ purpose }) => purpose === asked.purpose,
  );
  const isOwner = asked.organisation === ownerOrg;
  const holds = (one: { validFrom: number; validUntil: number }): boolean =>
    t >= one.validFrom && t < one.validUntil;
  const isAbout = (one: { sections: readonly string[]; purpose: string }): boolean =>
    one.purpose === asked.purpose && one.sections.some((section) => section === asked.section);

  const permissions = history.permissions().filter((one) => holds(one) && t < history.endOf(one));
  const endedBases = new Set(history.every('BasisEnded').map(({ basisId }) => basisId));
  const bases = history
    .every('BasisRecorded')
    .filter(({ basis }) => holds(basis) && !endedBases.has(basis.basisId));
  const opening = history
    .every('OpeningRequested')
    .map(({ opening: one }) => ({ ...one, until: history.closing(one.openingId) }))
    .filter((one) => one.organisation === asked.organisation && t >= one.at && t < one.until);
  const newest = history
    .every('SectionWritten')
    .findLast(({ section }) => section === asked.section);

  const reasons = [
    ...bases
      .filter(({ basis }) => isAbout(basis))
      .filter((one) =>
        reaches(one, asked, {
          ties,
          ownerOrg,
          ownChoices: history.choicesBy(one, asked.section, t),
        }),
      )
      .map(({ basis }) => basis.code),
    ...permissions
      .filter((one) => isAbout(one) && letsIn(one, asked, ties, history))
      .map(() => 'permission'),
    ...(isOwner && newest?.writtenBy === ownerOrg ? ['own-record'] : []),
    ...opening.filter(({ sections }) => sections.includes(asked.section)).map(() => 'break-glass'),
  ];
  const isKnown =
    isOwner ||
    ties.length > 0 ||
    opening.length > 0 ||
    bases.some(({ basis }) => basis.controller === asked.organisation) ||
    permissions.some((one) =>
      one.sections.some((section) => isNamed(one, { ...asked, section }, history)),
    );
  return {
    reasons: isBehindBarrier(asked) ? [] : reasons,
    refusal: isKnown ? 'no-basis' : 'not-found',
  };
}

const isBehindBarrier = ({ powers, purpose, section }: Question): boolean =>
  rules.powerLimits.some(
    (powerLimit) =>
      powers.includes(powerLimit.power) &&
      !(powerLimit.purposes.includes(purpose) && powerLimit.sections.includes(section)),
  );

interface Names {
  readonly organisationIds: readonly string[];
  readonly serviceClasses: readonly string[];
}

/** The recorded events, with their order and time. */
class RecordedHistory {
  readonly #events: readonly {
    readonly event: CaseFileEvent;
    readonly nth: number;
    readonly on: Instant;
  }[];

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

  /** A permission and the chain that it renews or follows, newest first. */
  chain(one: NewPermission): NewPermission[] {
    const before = this.permissions().find(
      ({ permissionId }) => permissionId === (one.renews ?? one.after),
    );
    return before ? [one, ...this.chain(before)] : [one];
  }

  /** When it ends: it or a renewal of it is withdrawn, a renewal begins, or its giver may no longer decide for the person. */
  endOf(one: NewPermission & { readonly nth: number }): number {
    const renewals = this.permissions().filter(({ renews }) => renews === one.permissionId);
    const ends = [
      ...this.every('PermissionWithdrawn')
        .filter(({ permissionId }) => permissionId === one.permissionId)
        .map(({ on }) => on),
      ...renewals.map((other) =>
        Math.max(this.#events.find(({ nth }) => nth === other.nth)?.on ?? 0, other.validFrom),
      ),
      ...renewals.map((other) => this.#withdrawnAt(other.permissionId)),
      ...this.every('GuardianSuspected')
        .filter(({ guardianId, nth }) => guardianId === one.given.guardianId && nth > one.nth)
        .map(({ on }) => on),
      ...this.every('CameOfAge')
        .filter(({ nth }) => one.given.guardianId !== undefined && nth > one.nth)
        .map(({ on }) => on),
    ];
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  }

  #withdrawnAt(id: string): number {
    const own = this.every('PermissionWithdrawn').filter(({ permissionId }) => permissionId === id);
    const later = this.permissions().filter(({ renews }) => renews === id);
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...own.filter(({ cause }) => cause === 'withdrawn').map(({ on }) => on),
      ...later.map((one) => this.#withdrawnAt(one.permissionId)),
    );
  }

  /** The denials that count, without those of a guardian under suspicion. */
  denials(): (ConsentDenial & { readonly nth: number })[] {
    const suspected = this.every('GuardianSuspected').map(({ guardianId }) => guardianId);
    return this.every('DenialRecorded')
      .map(({ denial, nth }) => ({ ...denial, nth }))
      .filter(
        ({ given }) => given.guardianId === undefined || !suspected.includes(given.guardianId),
      );
  }

  /** Receivers of this section about whom the person has decided by now: the basis's own choices, and decisions since it was recorded. */
  choicesBy({ basis, nth }: Dated<'BasisRecorded'>, section: string, t: Instant): Names[] {
    if (!basis.isSubstitute) return [];
    const about = (one: { purpose: string; sections: readonly string[]; nth: number }): boolean =>
      one.purpose === basis.purpose && one.sections.includes(section) && one.nth > nth;
    const counting = this.denials().map(({ denialId }) => denialId);
    const all = this.every('DenialRecorded').map(({ denial }) => denial.denialId);
    const before = (basis.ownChoices ?? []).filter(
      ({ by, sections }) =>
        sections.includes(section) && (counting.includes(by) || !all.includes(by)),
    );
    const permitted = this.permissions().filter(
      (one) =>
        about(one) &&
        (one.validFrom <= t ||
          this.every('PermissionWithdrawn').some(
            ({ permissionId, cause }) =>
              permissionId === one.permissionId && /withdrawn/.test(cause),
          )),
    );
    return [
      ...before.filter(({ from, by }) => from <= t || !all.includes(by)),
      ...this.denials().filter(about),
      ...permitted.map(({ receivers }) => ({
        organisationIds: [...receivers.organisationIds, ...receivers.excludedOrganisationIds],
        serviceClasses: receivers.serviceClasses,
      })),
    ];
  }
}

/** Exclusions and own choices first; then named receivers, or any organisation with a relation. */
function reaches(
  { basis }: { readonly basis: LegalBasis },
  asked: Question,
  {
    ties,
    ownerOrg,
    ownChoices,
  }: {
    readonly ties: readonly Relation[];
    readonly ownerOrg: string;
    readonly ownChoices: readonly Names[];
  },
): boolean {
  const { receivers, controller } = basis;
  if (ownChoices.some(({ organisationIds }) => organisationIds.includes(asked.organisation)))
    return false;
  if (receivers?.excludedOrganisationIds.includes(asked.organisation)) return false;
  const open = ties.filter(
    ({ serviceClass, region }) =>
      !ownChoices.some(({ serviceClasses }) => serviceClasses.includes(serviceClass)) &&
      !(receivers?.excludedRegions ?? []).includes(region),
  );
  if (ties.length > 0 && open.length === 0) return false;
  if (asked.organisation === controller) return true;
  if (controller !== ownerOrg) return false;
  if (!receivers) return open.length > 0;
  return open.some(
    ({ serviceClass }) =>
      receivers.serviceClasses.includes(serviceClass) ||
      receivers.organisationIds.includes(asked.organisation),
  );
}

/** What denials remove from a permission for one section. Earlier denials than its chain remove only organisations that it does not name. */
function removedBy(one: NewPermission, section: string, history: RecordedHistory): Names[] {
  const first = history.chain(one).at(-1)?.given.at ?? one.given.at;
  return history
    .denials()
    .filter((denial) => denial.purpose === one.purpose && denial.sections.includes(section))
    .map((denial) =>
      denial.given.at < first
        ? {
            organisationIds: denial.organisationIds.filter(
              (name) => !one.receivers.organisationIds.includes(name),
            ),
            serviceClasses: [],
          }
        : denial,
    );
}

const excludes = (one: NewPermission, organisation: string, history: RecordedHistory): boolean =>
  history
    .chain(one)
    .some(({ receivers }) => receivers.excludedOrganisationIds.includes(organisation));

const isNamed = (
  one: NewPermission,
  { organisation, section }: Question,
  history: RecordedHistory,
): boolean =>
  one.receivers.organisationIds.includes(organisation) &&
  !excludes(one, organisation, history) &&
  !removedBy(one, section, history).some(({ organisationIds }) =>
    organisationIds.includes(organisation),
  );

/** Exclusions and denials first; then by name, or by the class of one service outside the excluded regions. */
function letsIn(
  one: NewPermission,
  asked: Question,
  ties: readonly Relation[],
  history: RecordedHistory,
): boolean {
  const { receivers: rule } = one;
  const denials = removedBy(one, asked.section, history);
  if (excludes(one, asked.organisation, history)) return false;
  if (denials.some(({ organisationIds }) => organisationIds.includes(asked.organisation)))
    return false;
  if (ties.length === 0) return isNamed(one, asked, history);
  const allowed = ties.filter(
    ({ region, serviceClass }) =>
      !history.chain(one).some(({ receivers }) => receivers.excludedRegions.includes(region)) &&
      !denials.some(({ serviceClasses }) => serviceClasses.includes(serviceClass)),
  );
  if (allowed.length === 0) return false;
  return (
    rule.organisationIds.includes(asked.organisation) ||
    allowed.some(({ serviceClass }) => rule.serviceClasses.includes(serviceClass))
  );
}
