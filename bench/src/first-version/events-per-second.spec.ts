import { expect, it } from 'vitest';
import { eventsPerSecond } from './events-per-second.ts';

const bare = { what: 'inbox and rows alone, in sets of 64', value: 41_325.9 };

it('the rate of 0.1.0 is that of its applied events, not of its bare rows', () => {
  const applied = { what: 'rebuild of a projection: events applied', value: 2_409 };
  expect(eventsPerSecond({ findings: [bare, applied] })).toBe(2_409);
});

it('a report of 0.1.0 without a rebuild is refused', () => {
  expect(() => eventsPerSecond({ findings: [bare] })).toThrow('no rate of its rebuild');
});
