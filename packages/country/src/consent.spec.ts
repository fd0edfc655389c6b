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

describe('the outcomes of a call back', () => {
  const outcomes = (...more: object[]) => ({
    callBackOutcomes: [
      { code: 'own', label: 'Own decision', isOwnChoice: true },
      { code: 'not-own', label: 'Not own decision', isOwnChoice: false },
      ...more,
    ],
  });

  it('each state either whether the person decided freely, or that the call is not final', () => {
    expect(wrong(outcomes({ code: 'not-reached', label: 'Not reached', isFinal: false }))).toEqual(
      [],
    );
    const either =
      'callBackOutcomes.2: must state whether it was the own decision, or that it is not final';
    expect(wrong(outcomes({ code: 'neither', label: 'Neither' }))).toEqual([either]);
    expect(
      wrong(outcomes({ code: 'both', label: 'Both', isFinal: false, isOwnChoice: true })),
    ).toEqual([either]);
  });
});

it('a break-glass reason must state whether one person suffices; there is no default', () => {
  const breakGlass = {
    ...sample.breakGlass,
    reasons: [{ code: 'missing', label: 'The person is missing' }],
  };
  expect(wrong({ breakGlass }).map((one) => one.split(':')[0])).toEqual([
    'breakGlass.reasons.0.onePersonSuffices',
  ]);
});

it('the consent part must limit the time of a basis and the number of unconfirmed openings', () => {
  const { longestBasis: _none, ...rest } = sample;
  expect(consent.safeParse(rest).error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'longestBasis',
  ]);
  expect(wrong({ breakGlass: { ...sample.breakGlass, maxUnconfirmedOpenings: 0 } })).toHaveLength(
    1,
  );
});
