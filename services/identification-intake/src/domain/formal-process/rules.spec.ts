import { expect, it } from 'vitest';
import { rulesOfCountry } from './procedure.fixture.ts';
import { stepOf } from './rules.ts';

it('a step that the rules do not have is a fault that names the step', async () => {
  const rules = await rulesOfCountry('sample');
  expect(() => stepOf(rules, 'no-such-step')).toThrow('have no step no-such-step');
});
