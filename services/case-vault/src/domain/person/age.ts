import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { alertRaised, deadline, hasAlert } from '../deadlines.ts';
import type { CaseFileEvent } from '../events.ts';
import type { EndCause, LegalBasis, Permission } from '../permission/consent-records.ts';
import { endOfBasis } from '../permission/substitute-bases.ts';
import { endPermission } from '../permission/withdrawal.ts';
import { interimBasisFor } from './interim-basis.ts';
import { type Age, CHILD_PROTECTION, countsAsChild } from './person.ts';

interface Asking {
  readonly rules: Consent;
  readonly now: Instant;
  readonly mint: () => string;
}

/**
 * Records the age. If the decision maker changes, permissions of the former one end and consent is asked again. The same age recorded again is an event
 * too: somebody has assessed it anew, which can remove a doubt that was stated elsewhere in the meantime.
 */
export function recordAge(
  file: CaseFile,
  age: Exclude<Age, 'not-stated'>,
  asking: Asking,
): Decision<CaseFileEvent> {
  const [was, is] = [countsAsChild(file.person), countsAsChild({ ...file.person, age })];
  const changes = was === is ? [] : changeDecisionMaker(file, 'age-determined', asking, is);
  const settlesDispute = isOpen(file.person.age) && !isOpen(age);
  const recorded = { type: 'AgeRecorded', age, at: recordedAt(file, asking.now) } as const;
  return accept<CaseFileEvent>(
    settlesDispute ? { ...recorded, settlesDispute } : recorded,
    ...changes,
  );
}

/** Later than every record before: a command that was received first may be decided last, and then it counts. */
const recordedAt = ({ person: { ageRecordedAt } }: CaseFile, now: Instant): Instant =>
  ageRecordedAt === undefined || ageRecordedAt < now ? now : after(ageRecordedAt, 1);

const isOpen = (age: Age): boolean => age === 'unsure' || age === 'disputed';

/** Warns that the person will decide themselves, because permissions of a guardian end on that day. No warning while the age is in doubt. */
export function warnOfComingOfAge(
  file: CaseFile,
  warning: number,
  now: Instant,
): Decision<CaseFileEvent> {
  if (file.person.age !== 'child') return ignore('not-known-to-be-a-child');
  const about = String(warning);
  return accept<CaseFileEvent>(
    { type: 'ComingOfAgeWarned', warning },
    ...(hasAlert(file, 'comes-of-age', about)
      ? []
      : [alertRaised('comes-of-age', about, 'caseworker', now)]),
  );
}

/**
 * The person is eighteen: a guardian's permissions end, consent is asked again, and an interim basis keeps the bed (`domain.md` §3). If the age is unsure
 * or disputed, an earlier recorded birth date makes nobody an adult (Council of Europe Convention, article 10(3)): a caseworker is alerted and decides.
 */
export function comeOfAge(file: CaseFile, asking: Asking): Decision<CaseFileEvent> {
  if (!countsAsChild(file.person)) return ignore('not-a-child');
  if (file.person.age !== 'child')
    return accept<CaseFileEvent>(
      alertRaised('eighteen-age-in-doubt', file.caseId, 'caseworker', asking.now),
    );
  return accept<CaseFileEvent>(
    { type: 'CameOfAge', at: recordedAt(file, asking.now) },
    ...changeDecisionMaker(file, 'came-of-age', asking, false),
    alertRaised('came-of-age', file.caseId, 'caseworker', asking.now),
  );
}

/**
 * Ends permissions whose giver may no longer decide. A running search continues until consent is asked again, on an interim basis as narrow as the
 * permission.
 */
function changeDecisionMaker(
  file: CaseFile,
  cause: EndCause,
  { rules, now, mint }: Asking,
  isChild: boolean,
): CaseFileEvent[] {
  const ending = file.permissions.filter(
    (one) => one.withdrawnAt === undefined && now < one.validUntil && isOver(one, cause),
  );
  const childSubstitutes = isChild ? [] : file.bases.filter((one) => isChildSubstitute(one, now));
  const askBy = after(now, rules.askPersonWithinMs);
  const purposes = [...new Set([...ending, ...childSubstitutes].map(({ purpose }) => purpose))];
  const interimBasis = { code: rules.interimBasis, rules, now };
  return [
    { type: 'DecisionMakerChanged', at: now },
    ...[...ending, ...childSubstitutes].flatMap((one) =>
      interimBasisFor(file, one, { ...interimBasis, basisId: mint() }),
    ),
    ...purposes.map((purpose) => deadline('ask-consent-again', purpose, askBy)),
    ...ending.flatMap((one) => endPermission(file, one, cause, { rules, now })),
    ...childSubstitutes.flatMap((one) => endOfBasis(file, one.basisId, now)),
  ];
}

/** A guardian's permissions end when the person decides. When the age is determined, the person's own permissions end too. */
const isOver = ({ given }: Permission, cause: EndCause): boolean =>
  cause === 'age-determined' || given.guardianId !== undefined;

const isChildSubstitute = (
  { code, isSubstitute, endedAt, validUntil }: LegalBasis,
  now: Instant,
): boolean =>
  isSubstitute && code === CHILD_PROTECTION && endedAt === undefined && now < validUntil;
