import { expect, it } from 'vitest';
import { HELP, readOptions } from './options.ts';

it('`npm run chaos` accepts each option that its help names', () => {
  const named = [...HELP.matchAll(/^ {2}(--[a-z-]+)( <number>)?/gm)].flatMap(
    ([, name = '', number]) => (number === undefined ? [name] : [name, '3']),
  );
  expect(named).toContain('--faults-per-minute');
  expect(readOptions(named)).toMatchObject({
    minutes: 3,
    seed: 3,
    faultsPerMinute: 3,
    twoBrokers: true,
  });
});
