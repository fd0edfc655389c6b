import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderRules } from './allocation.ts';
import { confirmHold, requestHold } from './placing.ts';
import {
  type Caseload,
  type Cause,
  confirmed,
  evolve,
  held,
  holdId,
  inHours,
  type Matter,
  type Need,
  need,
  type RosterEvent,
  roster,
  running,
} from './roster.fixture.ts';

const { given } = specification<readonly Matter[], RosterEvent>(evolve);
const mine = holdId('mine');
const asks =
  (more: Partial<Need> = {}, rules = roster) =>
  (matters: readonly Matter[] = []) =>
    requestHold(matters, { holdId: mine, terms: need(more), until: inHours(2) }, rules);
const confirms =
  (more: Partial<Need> = {}, rules = roster) =>
  (matters: readonly Matter[] = []) =>
    confirmHold(matters, { holdId: mine, terms: need(more) }, rules);
const apart = { apartIds: ['pair'] };

describe('a request for a hold', () => {
  it('keeps the units that the provider allocates, with what the provider adds to them', () =>
    given()
      .when(asks({ places: 2 }))
      .then({ type: 'UnitsHeld', workerId: 'ana', unitIds: ['a1', 'a2'], until: inHours(2) }));

  it.each([
    ['held', [held('mine', ['a1'])]],
    ['confirmed', [confirmed('mine', ['a1'])]],
    ['started', running('mine', ['a1'])],
  ])('changes nothing where the hold is %s', (_status, past) =>
    given(...past)
      .when(asks())
      .ignored('already-held'),
  );

  it('is refused with the cause of the provider', () => {
    given(held('other', ['a1', 'a2'], { terms: apart }))
      .when(asks(apart))
      .then({ type: 'HoldRefused', holdId: mine, cause: 'conflict-of-interest' });
    given(held('other', ['a1', 'a2']))
      .when(asks({ serviceId: 'advice' }))
      .then({ type: 'HoldRefused', holdId: mine, cause: 'no-free-unit' });
  });
});

describe('a confirmation', () => {
  it('confirms the units of the live hold, with what the provider adds to them and no deadline', () => {
    const made = given(held('mine', ['a2'])).when(confirms());
    made.then({ type: 'UnitsConfirmed', workerId: 'ana', unitIds: ['a2'] });
    expect(made.state()).toEqual([
      { status: 'confirmed', holdId: mine, workerId: 'ana', unitIds: ['a2'], terms: need() },
    ]);
  });

  it('of a hold that has ended gives units and confirms them in one step', () =>
    given(held('other', ['a1']))
      .when(confirms())
      .then({ type: 'UnitsConfirmed', holdId: mine, unitIds: ['a2'] }));

  it('of a hold that has ended is refused with the cause of the provider', () =>
    given(held('other', ['b1'], { workerId: 'ben', terms: apart }))
      .when(confirms(apart))
      .then({ type: 'UnitsUnavailable', holdId: mine, cause: 'conflict-of-interest' }));

  it('of a hold that no longer suffices replaces its units', () => {
    const made = given(held('mine', ['b1'], { workerId: 'ben' })).when(
      confirms({ serviceId: 'advice' }),
    );
    made.then({ type: 'UnitsConfirmed', workerId: 'ana', unitIds: ['a1'] });
    expect(made.state()).toHaveLength(1);
  });

  it('of a hold that no longer suffices does not count this hold among the others', () =>
    given(held('mine', ['b1', 'b2'], { workerId: 'ben', terms: apart }))
      .when(confirms({ serviceId: 'advice', places: 2, ...apart }))
      .then({ type: 'UnitsConfirmed', unitIds: ['a1', 'a2'] }));

  it('of a hold that no longer suffices ends it where there are no other units', () => {
    const made = given(held('mine', ['b1'], { workerId: 'ben' }), held('other', ['a1', 'a2'])).when(
      confirms({ serviceId: 'advice' }),
    );
    made.then({ type: 'UnitsUnavailable', cause: 'no-free-unit' });
    expect(made.state()).toHaveLength(1);
  });

  it('takes the new terms, and keeps what changed since the request', () => {
    const resized: RosterEvent = { type: 'HoldResized', holdId: mine, unitIds: ['a1'] };
    const paired: RosterEvent = { type: 'ApartAdded', holdId: mine, apartId: 'pair' };
    given(held('mine', ['a1', 'a2']), resized, paired)
      .when(confirms({ serviceId: 'advice', places: 2 }))
      .then({ type: 'UnitsConfirmed', terms: need({ serviceId: 'advice', ...apart }) });
  });

  it.each([
    ['confirmed', [confirmed('mine', ['a1'])]],
    ['started', running('mine', ['a1'])],
  ])('changes nothing where the hold is %s', (_status, past) =>
    given(...past)
      .when(confirms())
      .ignored('already-confirmed'),
  );
});

describe('a provider whose rules give wrong units', () => {
  const gives = (...unitIds: string[]): ProviderRules<Need, Caseload, Cause, Matter> => ({
    allocate: () => ({ workerId: 'ana', unitIds }),
    suffices: () => false,
  });

  it.each([
    ['a unit of another hold', gives('a1'), 1],
    ['a unit of another hold beside a free one', gives('a2', 'a1'), 2],
    ['one unit twice', gives('a2', 'a2'), 2],
    ['fewer units than places', gives('a2'), 2],
    ['more units than places', gives('a2', 'b1'), 1],
  ])('fails with %s, and nothing is stored', (_what, rules, places) => {
    const past = given(held('other', ['a1']));
    expect(() => past.when(asks({ places }, rules))).toThrow('an allocation has');
    expect(() => past.when(confirms({ places }, rules))).toThrow('an allocation has');
  });
});
