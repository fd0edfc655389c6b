import { after } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { noon, rulesOfCountry } from './procedure.fixture.ts';
import { started } from './statutory-deadline.ts';

const HOUR_MS = 3_600_000;
const rules = await rulesOfCountry('sample');

it.each([
  ['before it is due, where there is time for it', 23, after(noon, HOUR_MS)],
  ['no more, where that would be at once', 24, undefined],
  ['no more, where that would have been before it began', 25, undefined],
])('a clock of a day says that it will be due soon %s', (_when, hours, soonAt) => {
  const timing = { ...rules, dueSoonBeforeMs: hours * HOUR_MS };
  expect(started(timing, { unit: 'hours', count: 24 }, noon).soonAt).toBe(soonAt);
});
