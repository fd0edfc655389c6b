import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { consent } from './consent.ts';

type Part = Record<string, unknown> & { readonly breakGlass: Record<string, unknown> };
const sample = (JSON.parse(readFileSync('infra/countries/sample/consent.json', 'utf8')) as { consent: Part }).consent;
const wrong = (more: object): string[] =>
  (consent.safeParse({ ...sample, ...more }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('what may come of a call back', () => {
  const outcomes = (...more: object[]) => ({
    callBackOutcomes: [
      { code: 'hers', says: 'Hers', herOwnWord: true },
      { code: 'not-hers', says: 'Not hers', herOwnWord: false },
      ...more,
    ],
  });

  it('is whose word it was, or that nothing is settled by it', () => {
    expect(wrong(outcomes({ code: 'not-reached', says: 'Not reached', settles: false }))).toEqual([]);
    const either = 'callBackOutcomes.2: must say whose word it was, or that it settles nothing';
    expect(wrong(outcomes({ code: 'neither', says: 'Neither' }))).toEqual([either]);
    expect(wrong(outcomes({ code: 'both', says: 'Both', settles: false, herOwnWord: true }))).toEqual([either]);
  });
});

it('a reason to open a file says whether one person may do so by it: nobody goes alone because it was forgotten', () => {
  const breakGlass = { ...sample.breakGlass, reasons: [{ code: 'missing', says: 'She is missing' }] };
  expect(wrong({ breakGlass }).map((one) => one.split(':')[0])).toEqual(['breakGlass.reasons.0.alone']);
});

it('a basis has a longest time, and asking in vain an end', () => {
  const { longestBasis: _none, ...rest } = sample;
  expect(consent.safeParse(rest).error?.issues.map(({ path }) => path.join('.'))).toEqual(['longestBasis']);
  expect(wrong({ breakGlass: { ...sample.breakGlass, askedInVainAtMost: 0 } })).toHaveLength(1);
});
