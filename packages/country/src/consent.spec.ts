import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consent } from './consent.ts';

type Part = Record<string, unknown> & { readonly breakGlass: Record<string, unknown> };
const sample = (
  JSON.parse(readFileSync('infra/countries/sample/consent.json', 'utf8')) as { consent: Part }
).consent;
const wrong = (more: object): string[] =>
  (consent.safeParse({ ...sample, ...more }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('the results of a call back', () => {
  const outcomes = (...more: object[]) => ({
    callBackOutcomes: [
      { code: 'own', label: 'Own decision', isOwnChoice: true },
      { code: 'not-own', label: 'Not own decision', isOwnChoice: false },
      ...more,
    ],
  });

  it('each say whether the person decided freely, or that the call settles nothing', () => {
    expect(wrong(outcomes({ code: 'not-reached', label: 'Not reached', isFinal: false }))).toEqual(
      [],
    );
    const either = 'callBackOutcomes.2: must say whose word it was, or that it settles nothing';
    expect(wrong(outcomes({ code: 'neither', label: 'Neither' }))).toEqual([either]);
    expect(
      wrong(outcomes({ code: 'both', label: 'Both', isFinal: false, isOwnChoice: true })),
    ).toEqual([either]);
  });
});

it('requires every break-glass reason to say whether one person suffices; there is no default', () => {
  const breakGlass = {
    ...sample.breakGlass,
    reasons: [{ code: 'missing', label: 'The person is missing' }],
  };
  expect(wrong({ breakGlass }).map((one) => one.split(':')[0])).toEqual([
    'breakGlass.reasons.0.onePersonSuffices',
  ]);
});

it('limits the time of a basis and the number of unconfirmed openings', () => {
  const { longestBasis: _none, ...rest } = sample;
  expect(consent.safeParse(rest).error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'longestBasis',
  ]);
  expect(wrong({ breakGlass: { ...sample.breakGlass, maxUnconfirmedOpenings: 0 } })).toHaveLength(
    1,
  );
});
