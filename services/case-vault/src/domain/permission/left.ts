import type { CaseFile } from '../case-file.ts';
import type { Permission, ReceiverRule, Refusal } from './given.ts';

type Words = Pick<CaseFile, 'refusals' | 'person'>;

/** A no that a guardian gave who is under suspicion counts no more: it may have been against her. */
export const countingNoes = ({ refusals, person }: Words): Refusal[] =>
  refusals.filter(
    ({ given }) =>
      !person.guardians.some((one) => one.guardianId === given.guardianId && one.suspectedAt !== undefined),
  );

/** Whom she means, by name or by class. */
export type Named = Pick<Refusal, 'organisationIds' | 'serviceClasses'>;

type Yes = Pick<Permission, 'receivers' | 'purpose' | 'given' | 'saidFirst'>;

/** From when on a no counts against a permission: one that goes on with another answers nothing that was said since the first. */
export const saidFirst = ({ given, saidFirst: first }: Pick<Permission, 'given' | 'saidFirst'>): number =>
  first ?? given.at;

/** What a no takes out of a permission: all that it names when it was said later, and whom it names until she names them again herself. */
export function taken(yes: Yes, no: Refusal): Named {
  const later = no.given.at >= saidFirst(yes);
  return {
    organisationIds: no.organisationIds.filter((one) => later || !yes.receivers.organisationIds.includes(one)),
    serviceClasses: later ? no.serviceClasses : [],
  };
}

/** The last word counts: a permission as her noes leave it, for one section. `noes` are those that count. */
export function leftOfReceivers(
  yes: Yes,
  noes: readonly Refusal[],
  section: string,
): ReceiverRule & { readonly excludedClasses: readonly string[] } {
  const { receivers, purpose } = yes;
  const about = noes.filter((no) => no.purpose === purpose && no.sections.includes(section));
  const gone = about.map((no) => taken(yes, no));
  const organisations = gone.flatMap((one) => one.organisationIds);
  const classes = gone.flatMap((one) => one.serviceClasses);
  return {
    excludedRegions: receivers.excludedRegions,
    excludedOrganisationIds: [...receivers.excludedOrganisationIds, ...organisations],
    organisationIds: receivers.organisationIds.filter((one) => !organisations.includes(one)),
    serviceClasses: receivers.serviceClasses.filter((one) => !classes.includes(one)),
    excludedClasses: classes,
  };
}

/** Whom a no still names: not those whom she permitted again since, for all that it was about, and did not take back. */
export function leftOfRefusal(file: Pick<CaseFile, 'permissions'> & Words, no: Refusal): Named {
  if (!countingNoes(file).includes(no)) return { organisationIds: [], serviceClasses: [] };
  const answers = file.permissions.filter(
    (one) =>
      one.purpose === no.purpose &&
      saidFirst(one) > no.given.at &&
      !isTakenBack(one) &&
      no.sections.every((section) => one.sections.includes(section)),
  );
  const open = (list: readonly string[], of: 'organisationIds' | 'serviceClasses'): string[] =>
    list.filter((name) => !answers.some(({ receivers }) => receivers[of].includes(name)));
  return {
    organisationIds: open(no.organisationIds, 'organisationIds'),
    serviceClasses: open(no.serviceClasses, 'serviceClasses'),
  };
}

/** By her, or because it may have been against her; what a birthday ended was said all the same. */
export const isTakenBack = ({ because }: Permission): boolean =>
  because === 'withdrawn' || because === 'stage-before-withdrawn' || because === 'guardian-suspected';
