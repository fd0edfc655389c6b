import type { Power } from '@opennrm/country';
import type { Decision, Instant } from '@opennrm/runtime/decision';
import { hour, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import type { NewPermission, Refusal } from '../permission/given.ts';
import type { Relation } from './reading.ts';

/** What was recorded of a person, in the order of its time: the file's events, and relations as `referral` told them. */
export type Entry = { readonly at: Instant } & (
  | { readonly kind: 'event'; readonly event: CaseFileEvent }
  | { readonly kind: 'began'; readonly organisation: string; readonly relation: Relation }
  | { readonly kind: 'ended'; readonly holdId: string }
);

export interface Step {
  /** Hours since the step before it. */
  readonly after: number;
  readonly does:
    | { readonly decide: (file: CaseFile, now: Instant) => Decision<CaseFileEvent, string> }
    | { readonly begins: { readonly organisation: string; readonly relation: Relation } }
    | { readonly ends: string };
}

/** Lives the steps through; what is refused or ignored is not recorded. The file goes to its row and back each time. */
export function live(
  first: CaseFileEvent,
  steps: readonly Step[],
  look: (file: CaseFile, records: readonly Entry[], now: Instant) => void,
): void {
  const records: Entry[] = [];
  let file = evolve(undefined, first);
  let hours = 0;
  for (const { after, does } of steps) {
    hours += after;
    const at = hour(hours);
    if ('begins' in does) records.push({ at, kind: 'began', ...does.begins });
    else if ('ends' in does) records.push({ at, kind: 'ended', holdId: does.ends });
    else {
      const decision = does.decide(file, at);
      for (const event of decision.kind === 'accepted' ? decision.events : []) {
        records.push({ at, kind: 'event', event });
        file = JSON.parse(JSON.stringify(evolve(file, event))) as CaseFile;
      }
    }
    look(file, records, at);
  }
}

/** The relations of an organisation that stand after all that was recorded, newest first. */
export function standing(records: readonly Entry[], organisation: string): Relation[] {
  const open = new Map<string, Relation>();
  for (const entry of records) {
    if (entry.kind === 'began' && entry.organisation === organisation) {
      open.delete(entry.relation.holdId);
      open.set(entry.relation.holdId, entry.relation);
    }
    if (entry.kind === 'ended') open.delete(entry.holdId);
  }
  return [...open.values()].reverse();
}

export interface Question {
  readonly organisation: string;
  readonly section: string;
  readonly purpose: string;
  readonly powers: readonly Power[];
}

type Of<Type extends CaseFileEvent['type']> = Extract<CaseFileEvent, { readonly type: Type }>;
const every = <Type extends CaseFileEvent['type']>(events: readonly CaseFileEvent[], type: Type): Of<Type>[] =>
  events.filter((event): event is Of<Type> => event.type === type);

/**
 * The oracle, straight from the records. In words: a section is readable at a moment when **a reason was recorded that holds at that moment**:
 * a legal basis of the owner (for the owner, or for one who has a relation for this purpose) or of the reader; a permission whose rule lets this
 * organisation receive and that no later no of hers took it out of; a file opened in an emergency; or that the owner wrote the newest version itself.
 * Without any tie to the person she does not even exist for the reader. What a wall stands before, no reason opens.
 */
export function sayTheRecords(records: readonly Entry[], ownerOrg: string, asked: Question, t: Instant) {
  const events = records.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  const ties = standing(records, asked.organisation).filter(({ purpose }) => purpose === asked.purpose);
  const isOwner = asked.organisation === ownerOrg;
  const holds = (one: { validFrom: number; validUntil: number }): boolean => t >= one.validFrom && t < one.validUntil;
  const isAbout = (one: { sections: readonly string[]; purpose: string }): boolean =>
    one.purpose === asked.purpose && one.sections.some((section) => section === asked.section);

  const takenBack = new Set(every(events, 'PermissionWithdrawn').map(({ permissionId }) => permissionId));
  const permissions = every(events, 'PermissionGranted')
    .map((event) => event.permission)
    .filter((one) => holds(one) && !takenBack.has(one.permissionId));
  const noes = every(events, 'PermissionRefused').map((event) => event.refusal);
  const gone = new Set(every(events, 'BasisEnded').map(({ basisId }) => basisId));
  const bases = every(events, 'BasisRecorded')
    .map((event) => event.basis)
    .filter((one) => holds(one) && !gone.has(one.basisId));
  const reach = bases.filter(({ controller }) =>
    controller === ownerOrg ? isOwner || ties.length > 0 : controller === asked.organisation,
  );
  const glass = every(events, 'OpeningAsked')
    .map(({ opened: one }) => ({ ...one, until: endOf(events, one.openingId) }))
    .filter((one) => one.organisation === asked.organisation && t >= one.at && t < one.until);
  const newest = every(events, 'SectionWritten').findLast(({ section }) => section === asked.section);

  const reasons = [
    ...reach.filter(isAbout).map(({ code }) => code),
    ...permissions.filter((one) => isAbout(one) && letsIn(one, asked, ties, noes)).map(() => 'permission'),
    ...(isOwner && newest?.writtenBy === ownerOrg ? ['own-record'] : []),
    ...glass.filter(({ sections }) => sections.includes(asked.section)).map(() => 'break-glass'),
  ];
  const isKnown =
    isOwner ||
    ties.length > 0 ||
    glass.length > 0 ||
    bases.some(({ controller }) => controller === asked.organisation) ||
    permissions.some((one) => one.sections.some((section) => isNamed(one, { ...asked, section }, noes)));
  return { reasons: isWalled(asked) ? [] : reasons, refusal: isKnown ? 'no-basis' : 'not-found' };
}

const endOf = (events: readonly CaseFileEvent[], openingId: string): number =>
  every(events, 'FileOpened').find((one) => one.openingId === openingId)?.until ?? 0;

const isWalled = ({ powers, purpose, section }: Question): boolean =>
  rules.walls.some(
    (wall) => powers.includes(wall.power) && !(wall.purposes.includes(purpose) && wall.sections.includes(section)),
  );

/** What she said no to after this yes, of this section. */
const laterNoes = ({ purpose, given }: NewPermission, section: string, noes: readonly Refusal[]): Refusal[] =>
  noes.filter((no) => no.purpose === purpose && no.sections.includes(section) && !(no.given.at < given.at));

const isNamed = (one: NewPermission, { organisation, section }: Question, noes: readonly Refusal[]): boolean =>
  one.receivers.organisationIds.includes(organisation) &&
  !one.receivers.excludedOrganisationIds.includes(organisation) &&
  !laterNoes(one, section, noes).some(({ organisationIds }) => organisationIds.includes(organisation));

/** Exclusions and noes first; then by name, or by the class of one of its services that is outside the excluded regions. */
function letsIn(one: NewPermission, asked: Question, ties: readonly Relation[], noes: readonly Refusal[]): boolean {
  const { receivers: rule } = one;
  const said = laterNoes(one, asked.section, noes);
  if (rule.excludedOrganisationIds.includes(asked.organisation)) return false;
  if (said.some(({ organisationIds }) => organisationIds.includes(asked.organisation))) return false;
  if (ties.length === 0) return isNamed(one, asked, noes);
  const allowed = ties.filter(
    ({ region, serviceClass }) =>
      !rule.excludedRegions.includes(region) &&
      !said.some(({ serviceClasses }) => serviceClasses.includes(serviceClass)),
  );
  if (allowed.length === 0) return false;
  return (
    rule.organisationIds.includes(asked.organisation) ||
    allowed.some(({ serviceClass }) => rule.serviceClasses.includes(serviceClass))
  );
}
