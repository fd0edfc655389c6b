import type { Consent } from '@opennrm/country';
import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { EndedBecause, Permission } from '../permission/given.ts';
import { audiencesOf, ended } from '../permission/withdrawal.ts';
import { hasAlert, pledge } from '../pledges.ts';
import { type Age, countsAsChild } from './person.ts';

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
  const changes = was === is ? [] : askedAnew(file, 'age-determined', asking);
  return accept<CaseFileEvent>({ type: 'AgeRecorded', age }, ...changes);
}

/** Somebody is told in time that she will speak for herself: what a guardian permitted ends on that day. */
export function warnOfComingOfAge(file: CaseFile, warning: number, now: Instant): Decision<CaseFileEvent> {
  if (!countsAsChild(file.person)) return ignore('not-a-child');
  const about = String(warning);
  return accept<CaseFileEvent>(
    { type: 'ComingOfAge', warning },
    ...(hasAlert(file, 'comes-of-age', about) ? [] : [raised('comes-of-age', about, 'caseworker', now)]),
  );
}

/** She is eighteen: a guardian's permissions end, she is asked anew, and no bed is lost meanwhile (`domain.md` §3). */
export function comeOfAge(file: CaseFile, asking: Asking): Decision<CaseFileEvent> {
  if (!countsAsChild(file.person)) return ignore('not-a-child');
  return accept<CaseFileEvent>(
    { type: 'CameOfAge' },
    ...askedAnew(file, 'came-of-age', asking),
    raised('came-of-age', file.caseId, 'caseworker', asking.now),
  );
}

export const raised = (code: string, about: string, role: string, at: Instant): CaseFileEvent => ({
  ...{ type: 'AlertRaised', alert: { code, about, role, at, acknowledgedBy: undefined } },
});

/**
 * Every permission that somebody else may not give any more ends. A search that ran on one goes on: for so long as the country gives to ask her, a
 * basis stands in for her word, and ends with it.
 */
export function askedAnew(file: CaseFile, because: EndedBecause, { rules, now, mint }: Asking): CaseFileEvent[] {
  const ending = file.permissions.filter(
    (one) => one.withdrawnAt === undefined && now < one.validUntil && isOver(one, because),
  );
  const askBy = after(now, rules.askedAnewWithinMs);
  const purposes = [...new Set(ending.map(({ purpose }) => purpose))];
  return [
    ...purposes.flatMap((purpose): CaseFileEvent[] => [
      ...bridge(file, purpose, {
        now,
        askBy,
        code: rules.bridge,
        basisId: mint(),
        sections: sectionsOf(ending, purpose),
      }),
      pledge('ask-anew', purpose, askBy),
    ]),
    ...ending.flatMap((one) => ended(file, one, because, { rules, now })),
  ];
}

/** A guardian's word ends when she speaks for herself; her own, given as an adult, when it turns out that she is a child. */
const isOver = ({ given }: Permission, because: EndedBecause): boolean =>
  because === 'age-determined' || given.guardianId !== undefined;

const sectionsOf = (ending: readonly Permission[], purpose: string): string[] => [
  ...new Set(ending.filter((one) => one.purpose === purpose).flatMap(({ sections }) => sections)),
];

interface Bridge {
  readonly basisId: string;
  readonly code: string;
  readonly sections: readonly string[];
  readonly now: Instant;
  readonly askBy: Instant;
}

/** Only where a service acts on it: nobody is to lose a bed. For every other purpose her own word is awaited. */
function bridge(file: CaseFile, purpose: string, { basisId, code, sections, now, askBy }: Bridge): CaseFileEvent[] {
  if (!audiencesOf(file, purpose).some(({ service }) => service === 'referral')) return [];
  const stands = { purpose, sections, validFrom: now, validUntil: askBy };
  const whose = { controller: file.ownerOrg, recordedBy: SYSTEM, standsIn: true, endedAt: undefined };
  return [{ type: 'BasisRecorded', basis: { basisId, code, ...stands, ...whose } }];
}

const SYSTEM = '00000000-0000-0000-0000-000000000000';
