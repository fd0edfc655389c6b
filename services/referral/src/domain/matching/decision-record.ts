import type { ServiceId } from '../need.ts';
import type { Candidate, RuleCode } from './candidate.ts';

/** For how many services something holds, by the code of the rule. */
export type CountsByRule = Readonly<Partial<Record<RuleCode, number>>>;

/** The services that a search checked and that its record does not name one by one. */
export interface OtherServices {
  readonly count: number;
  /** How many of them each rule excluded, or waits for an answer to. A service that fails two rules is counted for each. */
  readonly excludedBy: CountsByRule;
  /** For how many of them this rule is the only one in the way. */
  readonly excludedOnlyBy: CountsByRule;
}

/** What a search found: the services that matter most one by one, and the others by rule. */
export interface DecisionRecord {
  readonly candidates: readonly Candidate[];
  readonly others: OtherServices;
}

/** With 600 services a record stays below 4 KB. */
const LISTED = 20;
/** Of these, so many may be eligible. */
const ELIGIBLE = 12;
/** Of these, so many may be services that were asked before. */
const ASKED_BEFORE = 6;

const causesOf = ({ failed, unanswered }: Candidate): readonly RuleCode[] =>
  failed.concat(unanswered);

/**
 * The record of a search, in the order of the candidates: those that it asks, the next ones in order, and those that were asked before are named.
 * The others are counted. A directory with few services is listed whole.
 * @param askedBefore services that were asked for this referral, or declined by the person, the latest last.
 */
export function recordOf(
  candidates: readonly Candidate[],
  askedBefore: readonly ServiceId[],
): DecisionRecord {
  const listed = new Set(candidates.filter(({ asked }) => asked));
  const add = (more: readonly Candidate[], most: number): void => {
    for (const one of more.slice(0, most)) if (listed.size < LISTED) listed.add(one);
  };
  add(
    candidates.filter((one) => causesOf(one).length === 0),
    ELIGIBLE,
  );
  const recent = askedBefore.slice(-ASKED_BEFORE);
  add(
    candidates.filter(({ serviceId }) => recent.includes(serviceId)),
    ASKED_BEFORE,
  );
  add(candidates, LISTED);
  const others = candidates.filter((one) => !listed.has(one));
  return { candidates: candidates.filter((one) => listed.has(one)), others: countsOf(others) };
}

function countsOf(others: readonly Candidate[]): OtherServices {
  const [excludedBy, excludedOnlyBy] = [new Map<RuleCode, number>(), new Map<RuleCode, number>()];
  const count = (counts: Map<RuleCode, number>, rule: RuleCode): void =>
    void counts.set(rule, (counts.get(rule) ?? 0) + 1);
  for (const causes of others.map(causesOf)) {
    for (const rule of causes) count(excludedBy, rule);
    const [only] = causes;
    if (causes.length === 1 && only !== undefined) count(excludedOnlyBy, only);
  }
  return {
    count: others.length,
    excludedBy: Object.fromEntries(excludedBy),
    excludedOnlyBy: Object.fromEntries(excludedOnlyBy),
  };
}

/** The rule that is most often the only one in the way of a service, and for how many; undefined where there is none. */
export function bindingRuleOf({
  candidates,
  others,
}: DecisionRecord): { readonly rule: RuleCode; readonly count: number } | undefined {
  const [binding] = Object.entries(
    addCounts(others.excludedOnlyBy, countsOf(candidates).excludedOnlyBy),
  ).toSorted(([, one], [, other]) => other - one);
  return binding && { rule: binding[0] as RuleCode, count: binding[1] };
}

/** How many services each rule excluded, those that are named and the others. */
export const excludedByOf = ({ candidates, others }: DecisionRecord): CountsByRule =>
  addCounts(others.excludedBy, countsOf(candidates).excludedBy);

function addCounts(one: CountsByRule, other: CountsByRule): Readonly<Record<string, number>> {
  const rules = [...new Set([...Object.keys(one), ...Object.keys(other)])] as RuleCode[];
  return Object.fromEntries(rules.map((rule) => [rule, (one[rule] ?? 0) + (other[rule] ?? 0)]));
}
