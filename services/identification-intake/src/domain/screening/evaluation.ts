import type { IndicatorList, Result, Strength, Threshold } from './indicator-list.ts';

export type Age = 'adult' | 'child' | 'unsure';

/** The answer to an indicator. Only `present` counts; "not asked" is never "no". */
export interface IndicatorAnswer {
  readonly indicator: string;
  readonly presence: 'present' | 'absent' | 'not-asked' | 'prefers-not-to-say';
}

export interface DimensionResult {
  readonly dimension: string;
  readonly positive: boolean;
  readonly strong: number;
  readonly medium: number;
  readonly weak: number;
  /** Indicators that were present and count for this age. */
  readonly indicators?: readonly string[];
}

export interface Evaluation {
  readonly result: Result;
  readonly rule: string;
  readonly advice: string;
  readonly dimensions: readonly DimensionResult[];
}

/** Until age is known, a person who may be a child is treated as one (Council of Europe Convention, article 10(3)). */
const tableFor = (age: Age): 'adult' | 'child' => (age === 'adult' ? 'adult' : 'child');

/** Evaluates a screening by a list: six dimensions, then the first row of the table that fits. */
export function evaluate(
  list: IndicatorList,
  age: Age,
  answers: readonly IndicatorAnswer[],
): Evaluation {
  const present = new Set(
    answers.filter((one) => one.presence === 'present').map((one) => one.indicator),
  );
  const who = tableFor(age);
  const dimensions = list.dimensions.map(({ code, indicators }): DimensionResult => {
    const counting = indicators.filter((one) => present.has(one.code) && one[who] !== undefined);
    const count = (strength: Strength): number =>
      counting.filter((one) => one[who] === strength).length;
    const counts = { strong: count('strong'), medium: count('medium'), weak: count('weak') };
    const made = { dimension: code, ...counts, indicators: counting.map((one) => one.code) };
    return { ...made, positive: list.positive.some((threshold) => reaches(counts, threshold)) };
  });
  const isPositive = (code: string): boolean =>
    dimensions.some((one) => one.dimension === code && one.positive);
  const row = list.rules[who].find(
    ({ all, any }) => all.every(isPositive) && (any.length === 0 || any.some(isPositive)),
  );
  if (!row) throw new Error(`the table of ${list.id} has no last row`);
  return { result: row.result, rule: row.rule, advice: row.advice, dimensions };
}

type Counts = Readonly<Record<Strength, number>>;

/** One strong, two medium, or any number of weak indicators alone never reach a threshold. */
function reaches({ strong, medium, weak }: Counts, threshold: Threshold): boolean {
  const wanted = threshold.strong ?? 0;
  if (strong < wanted) return false;
  if (threshold.mediumOrWeak !== undefined && medium + weak < threshold.mediumOrWeak) return false;
  return medium >= (threshold.medium ?? 0) && weak >= (threshold.weak ?? 0);
}

/** The result when there is no verified list (sexual, criminal or domestic exploitation): a person concludes. */
export const humanOnly: Evaluation = {
  result: 'insufficient',
  rule: 'human-only',
  advice: 'no-verified-list-a-human-concludes',
  dimensions: [],
};
