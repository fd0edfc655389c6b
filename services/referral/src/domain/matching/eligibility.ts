import { type CountryPack, isOpen } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import { hasChild, isUnaccompanied } from '../need.ts';
import type { Referral } from '../referral.ts';
import { barOf } from './bars.ts';
import { type CaseBasis, mayBeTold } from './basis.ts';
import type { RuleCode } from './candidate.ts';
import { openingOf, type Service } from './service.ts';

/** What a rule may look at. */
export interface Asking {
  readonly referral: Referral;
  readonly bases: ReadonlyMap<string, CaseBasis>;
  readonly pack: CountryPack;
  readonly now: Instant;
}

/** A rule says nothing (fine), `no`, or `unanswered`: the question must be answered first. */
type Verdict = 'no' | 'unanswered' | undefined;

export interface Rule {
  readonly code: RuleCode;
  readonly says: (asking: Asking, service: Service) => Verdict;
}

const unless = (fine: boolean): Verdict => (fine ? undefined : 'no');
const allOf = (wanted: readonly string[], offered: readonly string[]): boolean =>
  wanted.every((one) => offered.includes(one));

const offersTheService: Rule = {
  code: 'SERVICE_MISSING',
  says: ({ referral: { need } }, service) =>
    unless(
      service.need === need.need &&
        allOf(need.care, service.criteria.care) &&
        !need.risks.some((risk) => service.criteria.risksNotAccepted.includes(risk)),
    ),
};

/** The person's own statement decides. */
const acceptsGroup: Rule = {
  code: 'GROUP',
  says: ({ referral }, service) => unless(service.criteria.groups.includes(referral.need.group)),
};

/** A child alone is with children; disputed age is a placement of its own (`domain.md` §3). */
const acceptsAge: Rule = {
  code: 'AGE',
  says: ({ referral: { party } }, service) => {
    if (!isUnaccompanied(party)) return undefined;
    const wanted = party.some((member) => member.underEighteen === 'unsure') ? 'age-disputed' : 'child';
    return unless(service.criteria.groups.includes(wanted));
  },
};

const mayHouseChildren: Rule = {
  code: 'CHILD_LICENCE',
  says: ({ referral }, service) => unless(!hasChild(referral.party) || service.criteria.childLicence),
};

const hasRoomForParty: Rule = {
  code: 'SIZE',
  says: ({ referral: { party } }, { criteria }) =>
    unless(party.length >= criteria.smallestParty && party.length <= criteria.largestParty),
};

const keepsPartyTogether: Rule = {
  code: 'TOGETHER',
  says: ({ referral: { party } }, { criteria }) => unless(party.length === 1 || criteria.largestParty > 1),
};

const meetsAccessibility: Rule = {
  code: 'ACCESSIBILITY',
  says: ({ referral: { need } }, service) => unless(allOf(need.accessibility, service.criteria.accessibility)),
};

const outsideExcludedArea: Rule = {
  code: 'EXCLUDED_AREA',
  says: ({ referral }, service) => unless(!referral.need.excludedRegions.includes(service.region)),
};

/** An emergency's coded basis stands by itself until the vault speaks; otherwise the vault's word must cover this receiver. */
const hasBasis: Rule = {
  code: 'BASIS',
  says: (asking, service) => unless(mayBeTold(asking.referral, service, asking)),
};

const hasFunding: Rule = {
  code: 'FUNDING_COVER',
  says: ({ referral: { need, urgency } }, service) => {
    if (!service.criteria.fundingRequired || need.funding === 'confirmed') return undefined;
    if (need.funding === undefined) return urgency === 'emergency' ? undefined : 'unanswered';
    return 'no';
  },
};

const isAccredited: Rule = {
  code: 'NOT_ACCREDITED',
  says: ({ now }, { accreditedUntil }) => unless(accreditedUntil !== undefined && now < accreditedUntil),
};

const hasFreeUnits: Rule = {
  code: 'NO_FREE_UNIT',
  says: ({ referral }, { hint }) => unless(hint === undefined || hint.free >= referral.party.length),
};

/** A closed service is not asked unless nobody open is left: `search.ts` looks past this rule alone. */
const isOpenNow: Rule = {
  code: 'CLOSED',
  says: ({ now, pack }, service) => unless(isOpen(openingOf(service, pack), now)),
};

/** The hard rules that look at the service alone; the list is the documentation. */
export const eligibility: readonly Rule[] = [
  ...[
    offersTheService,
    acceptsGroup,
    acceptsAge,
    mayHouseChildren,
    hasRoomForParty,
    keepsPartyTogether,
    meetsAccessibility,
  ],
  ...[outsideExcludedArea, hasBasis, hasFunding, isAccredited, hasFreeUnits, isOpenNow],
];

/**
 * The rules that keep a person safe. They must hold for as long as an offer lives, not only when it is made: one that fails later takes the offer
 * back. No coordinator overrides them.
 */
const safety: readonly Rule[] = [
  acceptsGroup,
  acceptsAge,
  mayHouseChildren,
  outsideExcludedArea,
  hasBasis,
  isAccredited,
];

/** The safety rules that say no to this service now. */
export const failedSafetyRules = (asking: Asking, service: Service): RuleCode[] =>
  safety.filter((rule) => rule.says(asking, service) === 'no').map(({ code }) => code);

export const failedSafetyRule = (asking: Asking, service: Service): RuleCode | undefined =>
  failedSafetyRules(asking, service)[0];

/** Every rule that says no, or needs an answer, for this service. */
export function judge(asking: Asking, service: Service): { failed: RuleCode[]; unanswered: RuleCode[] } {
  const verdicts = eligibility.map((rule) => ({ code: rule.code, verdict: rule.says(asking, service) }));
  const bar = barOf(asking.referral, service, asking.now, asking.pack);
  const failed = verdicts.filter(({ verdict }) => verdict === 'no').map(({ code }) => code);
  return {
    failed: bar === undefined ? failed : [...failed, bar],
    unanswered: verdicts.filter(({ verdict }) => verdict === 'unanswered').map(({ code }) => code),
  };
}
