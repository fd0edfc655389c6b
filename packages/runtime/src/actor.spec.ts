import { expect, it } from 'vitest';
import { Actor } from './actor.ts';

const caller = { person: 'p', organisation: 'o', role: 'coordinator' };

it('an actor holds the desk that the country gives to the role in this organisation, and no other', () => {
  const actor = new Actor(caller, (role, organisation) =>
    organisation === 'o' ? role : undefined,
  );
  expect(actor.holds('coordinator')).toBe(true);
  expect(actor.holds('accreditor')).toBe(false);
});

it('an actor holds no desk when the country gives the role to another organisation', () => {
  const actor = new Actor(caller, () => undefined);
  expect(actor.holds('coordinator')).toBe(false);
  expect(actor.desk).toBeUndefined();
});

it('an actor shows its role only to the journal', () => {
  const actor = new Actor(caller, () => undefined);
  expect(actor.asAuthor()).toEqual(caller);
  expect(JSON.stringify(actor)).not.toContain('coordinator');
  expect('role' in actor).toBe(false);
});
