import { after } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { noon, rulesOfCountry } from './procedure.fixture.ts';
import { started } from './statutory-deadline.ts';

const HOUR_MS = 3_600_000;
const rules = await rulesOfCountry('sample');

it.each([
  ['when there is time for a warning', 23, after(noon, HOUR_MS)],
  ['when the warning would be at once', 24, undefined],
  ['when the warning would be before its beginning', 25, undefined],
])('a deadline of one day has the right moment of its warning %s', (_when, hours, soonAt) => {
  const timing = { ...rules, dueSoonBeforeMs: hours * HOUR_MS };
  expect(started(timing, { unit: 'hours', count: 24 }, noon).soonAt).toBe(soonAt);
});
