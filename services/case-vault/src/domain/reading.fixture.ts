import type { Decision, Instant } from '@opennrm/runtime/decision';
import { hour } from './case.fixture.ts';
import type { CaseFile, LegalBasis, Permission } from './case-file.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
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
}

/**
 * The oracle, straight from the records. In words: a section is readable at a moment when **a reason was recorded that holds at that moment**:
 * a legal basis (for the owner, or for one who has a relation for this purpose); a permission whose rule lets this organisation receive; or
 * that the owner wrote the newest version itself. Without any tie to the person (owner, relation, named in a permission that holds) she does
 * not even exist for the reader.
 */
export function sayTheRecords(records: readonly Entry[], ownerOrg: string, asked: Question, t: Instant) {
  const events = records.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  const ties = standing(records, asked.organisation).filter(({ purpose }) => purpose === asked.purpose);
  const isOwner = asked.organisation === ownerOrg;
  const takenBack = new Set(
    events.flatMap((event) => (event.type === 'PermissionWithdrawn' ? [event.permissionId] : [])),
  );
  const holds = (one: { validFrom: number; validUntil: number }): boolean =>
    !(t < one.validFrom || one.validUntil <= t);
  const permissions = events
    .flatMap((event) => (event.type === 'PermissionGranted' ? [event.permission] : []))
    .filter((one) => holds(one) && !takenBack.has(one.permissionId));
  const bases = events.flatMap((event) => (event.type === 'BasisRecorded' ? [event.basis] : [])).filter(holds);
  const isAbout = (one: Pick<LegalBasis, 'sections' | 'purpose'>): boolean =>
    one.purpose === asked.purpose && one.sections.some((section) => section === asked.section);
  const newest = events.findLast((event) => event.type === 'SectionWritten' && event.section === asked.section);

  const reasons = [
    ...(isOwner || ties.length > 0 ? bases.filter(isAbout).map(({ code }) => code) : []),
    ...permissions.filter((one) => isAbout(one) && letsIn(one, asked.organisation, ties)).map(() => 'permission'),
    ...(isOwner && newest?.type === 'SectionWritten' && newest.writtenBy === ownerOrg ? ['own-record'] : []),
  ];
  const isKnown =
    isOwner || ties.length > 0 || permissions.some(({ receivers }) => isNamed(receivers, asked.organisation));
  return { reasons, refusal: isKnown ? 'no-basis' : 'not-found' };
}

const isNamed = (rule: Permission['receivers'], organisation: string): boolean =>
  rule.organisationIds.includes(organisation) && !rule.excludedOrganisationIds.includes(organisation);

/** Exclusions first; then by name, or by the class of one of its services that is outside the excluded regions. */
function letsIn({ receivers: rule }: Pick<Permission, 'receivers'>, organisation: string, ties: readonly Relation[]) {
  if (rule.excludedOrganisationIds.includes(organisation)) return false;
  if (ties.length === 0) return rule.organisationIds.includes(organisation);
  const allowed = ties.filter(({ region }) => !rule.excludedRegions.includes(region));
  if (allowed.length === 0) return false;
  return (
    rule.organisationIds.includes(organisation) ||
    allowed.some(({ serviceClass }) => rule.serviceClasses.includes(serviceClass))
  );
}
