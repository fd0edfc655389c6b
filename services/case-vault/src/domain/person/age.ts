import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { EndedBecause, Permission } from '../permission/given.ts';
import { endOfBasis } from '../permission/stand-ins.ts';
import { ended } from '../permission/withdrawal.ts';
import { hasAlert, pledge, raised } from '../pledges.ts';
import { carriedOn } from './bridge.ts';
import { type Age, CHILD_PROTECTION, countsAsChild } from './person.ts';

interface Asking {
  readonly rules: Consent;
  readonly now: Instant;
  readonly mint: () => string;
}

/**
 * Her age as it stands now: stated, doubted, disputed or determined. When it changes who speaks for her, she is asked anew: what another said for
 * her ends, or what she said as an adult and turned out to be a child.
 */
export function recordAge(file: CaseFile, age: Exclude<Age, 'not-stated'>, asking: Asking): Decision<CaseFileEvent> {
  if (file.person.age === age) return ignore('already-recorded');
  const [was, is] = [countsAsChild(file.person), countsAsChild({ ...file.person, age })];
  const changes = was === is ? [] : askedAnew(file, 'age-determined', asking, is);
  const settles = isOpen(file.person.age) && !isOpen(age);
  return accept<CaseFileEvent>(
    settles ? { type: 'AgeRecorded', age, settles } : { type: 'AgeRecorded', age },
    ...changes,
  );
}

const isOpen = (age: Age): boolean => age === 'unsure' || age === 'disputed';

/**
 * Somebody is told in time that she will speak for herself: what a guardian permitted ends on that day. While her age is doubted or disputed no
 * date says when that is.
 */
export function warnOfComingOfAge(file: CaseFile, warning: number, now: Instant): Decision<CaseFileEvent> {
  if (file.person.age !== 'child') return ignore('not-known-to-be-a-child');
  const about = String(warning);
  return accept<CaseFileEvent>(
    { type: 'ComingOfAge', warning },
    ...(hasAlert(file, 'comes-of-age', about) ? [] : [raised('comes-of-age', about, 'caseworker', now)]),
  );
}

/**
 * She is eighteen: a guardian's permissions end, she is asked anew, and no bed is lost meanwhile (`domain.md` §3). Where her age is doubted or
 * disputed a date that was recorded before makes nobody an adult (Council of Europe Convention, article 10(3)): somebody is told, and decides.
 */
export function comeOfAge(file: CaseFile, asking: Asking): Decision<CaseFileEvent> {
  if (!countsAsChild(file.person)) return ignore('not-a-child');
  if (file.person.age !== 'child')
    return accept<CaseFileEvent>(raised('eighteen-by-a-doubted-date', file.caseId, 'caseworker', asking.now));
  return accept<CaseFileEvent>(
    { type: 'CameOfAge' },
    ...askedAnew(file, 'came-of-age', asking, false),
    raised('came-of-age', file.caseId, 'caseworker', asking.now),
  );
}

/**
 * Every permission that somebody else may not give any more ends. A search that ran on one goes on: for so long as the country gives to ask her, a
 * basis stands in for her word, as narrow as that was, and ends with it. So does one that was there because she was a child.
 */
function askedAnew(
  file: CaseFile,
  because: EndedBecause,
  { rules, now, mint }: Asking,
  isChild: boolean,
): CaseFileEvent[] {
  const ending = file.permissions.filter(
    (one) => one.withdrawnAt === undefined && now < one.validUntil && isOver(one, because),
  );
  const asAChild = isChild ? [] : file.bases.filter((one) => isChildsStandIn(one, now));
  const askBy = after(now, rules.askedAnewWithinMs);
  const purposes = [...new Set([...ending, ...asAChild].map(({ purpose }) => purpose))];
  const bridge = { code: rules.bridge, rules, now };
  return [
    { type: 'AskedAnew', at: now },
    ...[...ending, ...asAChild].flatMap((one) => carriedOn(file, one, { ...bridge, basisId: mint() })),
    ...purposes.map((purpose) => pledge('ask-anew', purpose, askBy)),
    ...ending.flatMap((one) => ended(file, one, because, { rules, now })),
    ...asAChild.flatMap((one) => endOfBasis(file, one.basisId, now)),
  ];
}

/** A guardian's word ends when she speaks for herself; her own, given as an adult, when it turns out that she is a child. */
const isOver = ({ given }: Permission, because: EndedBecause): boolean =>
  because === 'age-determined' || given.guardianId !== undefined;

const isChildsStandIn = ({ code, standsIn, endedAt, validUntil }: LegalBasis, now: Instant): boolean =>
  standsIn && code === CHILD_PROTECTION && endedAt === undefined && now < validUntil;
