import { expect, it } from 'vitest';
import { desksOf } from './desks.ts';

const ours = '5a000000-0000-4000-8000-00000000000c';
const desks = desksOf({
  roles: [
    { code: 'coordinator', label: 'Referral coordinator', heldBy: [ours] },
    { code: 'caseworker', label: 'Caseworker' },
  ],
});

it('a role with named holders is a desk in those organisations only', () => {
  expect(desks('coordinator', ours)).toBe('coordinator');
  expect(desks('coordinator', 'another')).toBeUndefined();
});

it('a role without named holders is a desk in every organisation, for that organisation', () =>
  expect(desks('caseworker', 'any')).toBe('caseworker'));

it('a role that the pack does not name is no desk', () =>
  expect(desks('minister', ours)).toBeUndefined());
