import { type CountryPack, isOpen } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import { hasChild, isUnaccompanied } from '../need.ts';
import type { Referral } from '../referral.ts';
import { barOf } from './bars.ts';
import { type CaseBasis, isCoveredForParty } from './basis.ts';
import type { RuleCode } from './candidate.ts';
import { openingOf, type Service } from './service.ts';

/** What a rule may use. */
export interface MatchContext {
  readonly referral: Referral;
  readonly bases: ReadonlyMap<string, CaseBasis>;
  readonly pack: CountryPack;
  readonly now: Instant;
}

/** Undefined where the rule holds; `unanswered` where a question must be answered first. */
type Verdict = 'fails' | 'unanswered' | undefined;

export interface Rule {
  readonly code: RuleCode;
  readonly check: (context: MatchContext, service: Service) => Verdict;
}

const failUnless = (fine: boolean): Verdict => (fine ? undefined : 'fails');
const includesAll = (wanted: readonly string[], offered: readonly string[]): boolean =>
  wanted.every((one) => offered.includes(one));

const offersTheService: Rule = {
  code: 'SERVICE_MISSING',
  check: ({ referral: { need } }, service) =>
    failUnless(
      service.need === need.need &&
        includesAll(need.care, service.criteria.care) &&
        !need.risks.some((risk) => service.criteria.risksNotAccepted.includes(risk)),
    ),
};

/** The group as the person states it decides. */
const acceptsGroup: Rule = {
  code: 'GROUP',
  check: ({ referral }, service) =>
    failUnless(service.criteria.groups.includes(referral.need.group)),
};

/** An unaccompanied child is placed with children. A disputed age is a placement of its own (`domain.md` §3). */
const acceptsAge: Rule = {
  code: 'AGE',
  check: ({ referral: { party } }, service) => {
    if (!isUnaccompanied(party)) return undefined;
    const wanted = party.some((member) => member.underEighteen === 'unsure')
      ? 'age-disputed'
      : 'child';
    return failUnless(service.criteria.groups.includes(wanted));
  },
};

const mayHouseChildren: Rule = {
  code: 'CHILD_LICENCE',
  check: ({ referral }, service) =>
    failUnless(!hasChild(referral.party) || service.criteria.childLicence),
};

const hasRoomForParty: Rule = {
  code: 'SIZE',
  check: ({ referral: { party } }, { criteria }) =>
    failUnless(party.length >= criteria.smallestParty && party.length <= criteria.largestParty),
};

const keepsPartyTogether: Rule = {
  code: 'TOGETHER',
  check: ({ referral: { party } }, { criteria }) =>
    failUnless(party.length === 1 || criteria.largestParty > 1),
};

const meetsAccessibility: Rule = {
  code: 'ACCESSIBILITY',
  check: ({ referral: { need } }, service) =>
    failUnless(includesAll(need.accessibility, service.criteria.accessibility)),
};

const outsideExcludedArea: Rule = {
  code: 'EXCLUDED_AREA',
  check: ({ referral }, service) =>
    failUnless(!referral.need.excludedRegions.includes(service.region)),
};

/**
 * The request basis of an emergency suffices until the vault has decided. After that a permission or legal basis must cover this
 * receiver.
 */
const hasBasis: Rule = {
  code: 'BASIS',
  check: (context, service) => failUnless(isCoveredForParty(context.referral, service, context)),
};

const hasFunding: Rule = {
  code: 'FUNDING_COVER',
  check: ({ referral: { need, urgency } }, service) => {
    if (!service.criteria.fundingRequired || need.funding === 'confirmed') return undefined;
    if (need.funding === undefined) return urgency === 'emergency' ? undefined : 'unanswered';
    return 'fails';
  },
};

const isAccredited: Rule = {
  code: 'NOT_ACCREDITED',
  check: ({ now }, { accreditedUntil }) =>
    failUnless(accreditedUntil !== undefined && now < accreditedUntil),
};

const hasFreeUnits: Rule = {
  code: 'NO_FREE_UNIT',
  check: ({ referral }, { hint }) =>
    failUnless(hint === undefined || hint.free >= referral.party.length),
};

/** A closed service is not asked while an open one is left: `search.ts` ignores this rule alone. */
const isOpenNow: Rule = {
  code: 'CLOSED',
  check: ({ now, pack }, service) => failUnless(isOpen(openingOf(service, pack), now)),
};

/** The hard rules, in the order in which they are recorded. A bar (`bars.ts`) is added by `judge`. */
export const eligibility: readonly Rule[] = [
  offersTheService,
  acceptsGroup,
  acceptsAge,
  mayHouseChildren,
  hasRoomForParty,
  keepsPartyTogether,
  meetsAccessibility,
  outsideExcludedArea,
  hasBasis,
  hasFunding,
  isAccredited,
  hasFreeUnits,
  isOpenNow,
];

/**
 * The rules that keep a person safe. They must hold as long as an offer is live, not only when it is made: a rule that fails later
 * withdraws the offer. No coordinator overrides them.
 */
const safety: readonly Rule[] = [
  acceptsGroup,
  acceptsAge,
  mayHouseChildren,
  outsideExcludedArea,
  hasBasis,
  isAccredited,
];

/** The safety rules that fail for this service now. */
export const failedSafetyRules = (context: MatchContext, service: Service): RuleCode[] =>
  safety.filter((rule) => rule.check(context, service) === 'fails').map(({ code }) => code);

export const failedSafetyRule = (context: MatchContext, service: Service): RuleCode | undefined =>
  failedSafetyRules(context, service)[0];

/** Every rule that fails, or needs an answer, for this service. */
export function judge(
  context: MatchContext,
  service: Service,
): { failed: RuleCode[]; unanswered: RuleCode[] } {
  const verdicts = eligibility.map((rule) => ({
    code: rule.code,
    verdict: rule.check(context, service),
  }));
  const bar = barOf(context.referral, service, context.now, context.pack);
  const failed = verdicts.filter(({ verdict }) => verdict === 'fails').map(({ code }) => code);
  return {
    failed: bar === undefined ? failed : [...failed, bar],
    unanswered: verdicts.filter(({ verdict }) => verdict === 'unanswered').map(({ code }) => code),
  };
}
