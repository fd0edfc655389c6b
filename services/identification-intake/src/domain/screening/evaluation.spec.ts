import { loadCountryPack } from '@opennrm/country/load';
import { describe, expect, it } from 'vitest';
import { type Age, evaluate, humanOnly, type IndicatorAnswer } from './evaluation.ts';
import { type IndicatorList, listsOf, type Strength } from './indicator-list.ts';

const lists = listsOf([await loadCountryPack('infra/countries/sample')]);
const ilo = theList();

function theList(): IndicatorList {
  const list = lists.get('ilo-2009');
  if (!list) throw new Error('the sample country has no list ilo-2009');
  return list;
}

const present = (indicator: string): IndicatorAnswer => ({ indicator, presence: 'present' });
const indicatorsOf = (dimension: string) =>
  ilo.dimensions.find(({ code }) => code === dimension)?.indicators ?? [];

describe('the list of the sample country', () => {
  it('has six dimensions, 67 indicators for adults and 65 for children', () => {
    const all = ilo.dimensions.flatMap(({ indicators }) => indicators);
    expect(ilo.dimensions).toHaveLength(6);
    expect(all.filter(({ adult }) => adult)).toHaveLength(67);
    expect(all.filter(({ child }) => child)).toHaveLength(65);
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
  });

  it('has as many adult indicators in each dimension as the survey', () => {
    const counts = ilo.dimensions.map(({ code, indicators }) => [
      code,
      indicators.filter(({ adult }) => adult).length,
    ]);
    expect(counts).toEqual([
      ['deceptive-recruitment', 10],
      ['coercive-recruitment', 10],
      ['abuse-of-vulnerability-at-recruitment', 16],
      ['exploitation', 9],
      ['coercion-at-destination', 15],
      ['abuse-of-vulnerability-at-destination', 7],
    ]);
  });
});

/** A list with four indicators of each strength in each dimension, and the thresholds of the real list. */
const strengths = ['strong', 'medium', 'weak'] as const;
const nth = (strength: Strength, n: number): string => `${strength}-${n}`;
const plain: IndicatorList = {
  ...ilo,
  dimensions: ilo.dimensions.map(({ code }) => ({
    code,
    indicators: strengths.flatMap((strength) =>
      [1, 2, 3, 4].map((n) => ({
        code: `${code}/${nth(strength, n)}`,
        title: code,
        adult: strength,
        child: strength,
      })),
    ),
  })),
};

function isPositive(strong: number, medium: number, weak: number): boolean | undefined {
  const answers = Object.entries({ strong, medium, weak }).flatMap(([strength, count]) =>
    Array.from({ length: count }, (_, n) =>
      present(`exploitation/${nth(strength as Strength, n + 1)}`),
    ),
  );
  return evaluate(plain, 'adult', answers).dimensions.find(
    ({ dimension }) => dimension === 'exploitation',
  )?.positive;
}

describe('a dimension', () => {
  it.each([
    ['two strong', 2, 0, 0],
    ['one strong and one medium', 1, 1, 0],
    ['one strong and one weak', 1, 0, 1],
    ['three medium', 0, 3, 0],
    ['two medium and one weak', 0, 2, 1],
  ])('is positive with %s', (_, ...counts) => {
    expect(isPositive(...counts)).toBe(true);
  });

  it.each([
    ['no indicator', 0, 0, 0],
    ['one strong alone', 1, 0, 0],
    ['one medium alone', 0, 1, 0],
    ['two medium alone', 0, 2, 0],
    ['many weak alone', 0, 0, 4],
    ['one medium and many weak', 0, 1, 4],
  ])('is not positive with %s', (_, ...counts) => {
    expect(isPositive(...counts)).toBe(false);
  });

  it('never becomes negative by one more indicator', () => {
    const upTo = [0, 1, 2, 3];
    for (const s of upTo)
      for (const m of upTo)
        for (const w of upTo)
          if (isPositive(s, m, w))
            expect([
              isPositive(s + 1, m, w),
              isPositive(s, m + 1, w),
              isPositive(s, m, w + 1),
            ]).toEqual([true, true, true]);
  });

  it('counts only "present", not "absent", "not asked" or "prefers not to say"', () => {
    const answers = (['present', 'absent', 'not-asked', 'prefers-not-to-say'] as const).map(
      (presence, n) => ({
        indicator: `exploitation/${nth('strong', n + 1)}`,
        presence,
      }),
    );
    const evaluation = evaluate(plain, 'adult', answers).dimensions.find(
      ({ dimension }) => dimension === 'exploitation',
    );
    const indicators = ['exploitation/strong-1'];
    expect(evaluation).toEqual({
      dimension: 'exploitation',
      strong: 1,
      medium: 0,
      weak: 0,
      indicators,
      positive: false,
    });
  });
});

const dimensionOf = {
  E: 'exploitation',
  C: 'coercion-at-destination',
  D: 'deceptive-recruitment',
  R: 'coercive-recruitment',
  Ar: 'abuse-of-vulnerability-at-recruitment',
  Ad: 'abuse-of-vulnerability-at-destination',
} as const;
type Letter = keyof typeof dimensionOf;
const LETTERS = Object.keys(dimensionOf) as Letter[];

/** A screening in which exactly these dimensions are positive: all their indicators are present. */
const positive = (age: Age, ...letters: Letter[]) =>
  evaluate(
    ilo,
    age,
    letters.flatMap((letter) => indicatorsOf(dimensionOf[letter]).map(({ code }) => present(code))),
  );

describe('the table for an adult in forced labour', () => {
  it.each<[string, string, Letter[]]>([
    ['adult-1', 'indicated', ['E', 'C', 'D']],
    ['adult-1', 'indicated', ['E', 'C', 'R']],
    ['adult-1', 'indicated', ['E', 'C', 'Ar']],
    ['adult-1', 'indicated', ['E', 'C', 'Ad']],
    ['adult-2', 'indicated', ['E', 'D']],
    ['adult-2', 'indicated', ['E', 'D', 'R', 'Ar', 'Ad']],
    ['adult-3', 'insufficient', ['E', 'C']],
    ['adult-3', 'insufficient', ['E', 'R']],
    ['adult-3', 'insufficient', ['E', 'Ar']],
    ['adult-3', 'insufficient', ['E', 'Ad']],
    ['adult-4', 'not-indicated', ['E']],
    ['adult-5', 'insufficient', ['C']],
    ['adult-5', 'insufficient', ['D']],
    ['adult-5', 'insufficient', ['R']],
    ['adult-5', 'insufficient', ['Ar']],
    ['adult-5', 'insufficient', ['Ad']],
    ['adult-5', 'insufficient', ['C', 'D', 'R', 'Ar', 'Ad']],
    ['adult-6', 'not-indicated', []],
  ])('%s: %s with %j', (rule, result, letters) => {
    expect(positive('adult', ...letters)).toMatchObject({ rule, result });
  });

  it('never indicates an adult without exploitation, whatever else is present', () => {
    const others = LETTERS.filter((letter) => letter !== 'E');
    for (let mask = 0; mask < 2 ** others.length; mask += 1) {
      const letters = others.filter((_, bit) => mask & (1 << bit));
      expect(positive('adult', ...letters).result).not.toBe('indicated');
    }
  });
});

describe('a child', () => {
  it.each<Age>(['child', 'unsure'])(
    '(%s) is indicated by exploitation alone, because no means is needed',
    (age) => {
      expect(positive(age, 'E')).toMatchObject({ rule: 'child-1', result: 'indicated' });
      expect(positive('adult', 'E')).toMatchObject({ result: 'not-indicated' });
    },
  );

  it.each<Age>(['child', 'unsure'])(
    '(%s) is insufficient with another positive dimension, and not indicated with none',
    (age) => {
      expect(positive(age, 'C').result).toBe('insufficient');
      expect(positive(age).result).toBe('not-indicated');
    },
  );

  it('is evaluated by the strengths for children: other indicators do not count', () => {
    const notForChildren = ilo.dimensions.flatMap(({ indicators }) =>
      indicators.filter(({ child }) => !child),
    );
    expect(notForChildren.length).toBeGreaterThan(0);
    const { dimensions } = evaluate(
      ilo,
      'child',
      notForChildren.map(({ code }) => present(code)),
    );
    expect(dimensions.every(({ strong, medium, weak }) => strong + medium + weak === 0)).toBe(true);
    expect(dimensions.flatMap(({ indicators }) => indicators)).toEqual([]);
  });

  it('includes a person of unsure age, whatever was answered', () => {
    for (let mask = 0; mask < 2 ** LETTERS.length; mask += 1) {
      const letters = LETTERS.filter((_, bit) => mask & (1 << bit));
      expect(positive('unsure', ...letters)).toEqual(positive('child', ...letters));
    }
  });
});

it('the result without a verified list is that a person concludes', () => {
  expect(humanOnly).toMatchObject({ result: 'insufficient', rule: 'human-only', dimensions: [] });
});
