import type { MatchContext } from './eligibility.ts';
import type { Service, ServiceLoad } from './service.ts';

/** One term of the order (`matching.md` §2). Never nationality, residence status, willingness to testify or a prediction. */
interface Term {
  readonly name: string;
  readonly value: (context: MatchContext, service: Service, load: ServiceLoad) => number;
}

const missing = (wanted: readonly string[], offered: readonly string[]): number =>
  wanted.filter((one) => !offered.includes(one)).length;

/** Prefers the smallest sufficient place: the fewest scarce attributes that this person would not use, and little unused room. */
const unusedScarce: Term = {
  name: 'unused-scarce-attributes',
  value: ({ referral: { need, party } }, { criteria }) => {
    const unusedAccess = missing(criteria.accessibility, need.accessibility);
    const unusedCare = missing(criteria.care, need.care);
    const unusedFamily = party.length === 1 && criteria.largestParty > 1 ? 1 : 0;
    return unusedAccess + unusedCare + unusedFamily;
  },
};

const wishesUnmet: Term = {
  name: 'wishes-unmet',
  value: ({ referral: { need } }, service) =>
    (need.wishes.regions.length > 0 && !need.wishes.regions.includes(service.region) ? 1 : 0) +
    missing(need.wishes.languages, service.criteria.languages) +
    missing(need.languages, service.criteria.languages) +
    missing(need.wishes.specialisms, service.criteria.specialisms),
};

const promisedAnswer: Term = {
  name: 'promised-answer-minutes',
  value: (_asking, service) => service.promisedAnswerMinutes,
};

const load: Term = {
  name: 'unanswered-offers',
  value: (_asking, _service, { openOffers }) => openOffers,
};

const terms: readonly Term[] = [unusedScarce, wishesUnmet, promisedAnswer, load];

/** The names of the values of `orderTerms`, in the same order. */
export const orderNames: readonly string[] = terms.map(({ name }) => name);

export const orderTerms = (
  context: MatchContext,
  service: Service,
  serviceLoad: ServiceLoad,
): number[] => terms.map(({ value }) => value(context, service, serviceLoad));

/** Compares term by term, then by id, so that the same input always gives the same order. */
export function compareTerms(
  a: { readonly serviceId: string; readonly terms: readonly number[] },
  b: { readonly serviceId: string; readonly terms: readonly number[] },
): number {
  for (const [index, value] of a.terms.entries()) {
    const difference = value - (b.terms[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.serviceId < b.serviceId ? -1 : 1;
}
