import { expect, it } from 'vitest';
import { desksOf } from './desks.ts';

const ours = '5a000000-0000-4000-8000-00000000000c';
const desks = desksOf({
  roles: [
    { code: 'coordinator', label: 'Referral coordinator', heldBy: [ours] },
    { code: 'caseworker', label: 'Caseworker' },
  ],
});

it('gives a role with named holders to those organisations alone', () => {
  expect(desks('coordinator', ours)).toBe('coordinator');
  expect(desks('coordinator', 'another')).toBeUndefined();
});

it('gives a role without named holders to every organisation, for itself', () =>
  expect(desks('caseworker', 'any')).toBe('caseworker'));

it('knows no desk for a role that the pack does not name', () =>
  expect(desks('minister', ours)).toBeUndefined());
