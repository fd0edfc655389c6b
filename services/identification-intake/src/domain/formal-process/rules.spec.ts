import { loadCountryPack } from '@opennrm/country/load';
import { expect, it } from 'vitest';
import { rulesOfCountry } from './procedure.fixture.ts';
import { rulesOf, stepOf } from './rules.ts';

const pack = await loadCountryPack('infra/countries/sample');

it('a step that the rules do not have is a fault that names the step', async () => {
  const rules = await rulesOfCountry('sample');
  expect(() => stepOf(rules, 'no-such-step')).toThrow('have no step no-such-step');
});

it("working days are counted by the authority's calendar, also when the country has others", () => {
  const [authority] = pack.calendars;
  if (!authority) throw new Error('a calendar');
  const courts = { ...authority, code: 'courts', holidays: [] };
  expect(rulesOf({ ...pack, calendars: [courts, authority] }).workdays).toEqual(authority);
});

it("rules without the authority's calendar are a fault", () =>
  expect(() => rulesOf({ ...pack, calendars: [] })).toThrow(
    'calendar of the authority is missing',
  ));
