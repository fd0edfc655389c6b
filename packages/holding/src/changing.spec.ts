import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { loseUnit, resizeHold } from './changing.ts';
import {
  confirmed,
  evolve,
  held,
  holdId,
  type Matter,
  otherPlace,
  type RosterEvent,
  running,
} from './roster.fixture.ts';

const { given } = specification<readonly Matter[], RosterEvent>(evolve);
const mine = holdId('mine');

describe('a party that becomes smaller', () => {
  const resizes =
    (places: number) =>
    (matters: readonly Matter[] = []) =>
      resizeHold(matters, mine, places);

  it.each([
    ['held', held('mine', ['a1', 'a2'])],
    ['confirmed', confirmed('mine', ['a1', 'a2'])],
  ])(
    'keeps the first units of a %s hold, and needs as many places as it has units',
    (_how, past) => {
      const resized = given(past).when(resizes(1));
      resized.then({ type: 'HoldResized', holdId: mine, unitIds: ['a1'] });
      expect(resized.state()).toMatchObject([{ unitIds: ['a1'], terms: { places: 1 } }]);
    },
  );

  it.each([0, 2, 3])('is not changed from two places to %i', (places) =>
    given(held('mine', ['a1', 'a2']))
      .when(resizes(places))
      .ignored('not-smaller'),
  );

  it('keeps every unit after the start', () =>
    given(...running('mine', ['a1', 'a2']))
      .when(resizes(1))
      .ignored('already-started'));

  it('that has no hold changes nothing', () =>
    given(held('other', ['a1', 'a2']))
      .when(resizes(1))
      .ignored('no-such-hold'));
});

describe('a unit that is lost', () => {
  const loses = (matters: readonly Matter[] = []) => loseUnit(matters, 'a1', otherPlace(matters));

  it.each([
    ['held', held('mine', ['a1'])],
    ['confirmed', confirmed('mine', ['a1'])],
  ])('is replaced in a %s hold, which stays as it is otherwise', (status, past) => {
    const moved = given(past, held('other', ['b1'])).when(loses);
    moved.then({ type: 'HoldMoved', holdId: mine, unitIds: ['a2'] });
    expect(moved.state()[0]).toMatchObject({ status, workerId: 'ana', unitIds: ['a2'] });
  });

  it('is replaced in its position, and the other units of the hold stay', () =>
    given(held('mine', ['b1', 'a1']))
      .when(loses)
      .then({ type: 'HoldMoved', unitIds: ['b1', 'a2'] }));

  it('ends a hold where the provider has no other unit', () =>
    given(held('mine', ['a1', 'a2']))
      .when(loses)
      .then({ type: 'HoldReleased', holdId: mine, code: 'unit-lost' }));

  it('ends a confirmed hold as unavailable where the provider has no other unit', () =>
    given(confirmed('mine', ['a1']), held('other', ['a2']))
      .when(loses)
      .then({ type: 'UnitsUnavailable', holdId: mine, cause: 'unit-lost' }));

  it('never moves or ends what has started', () =>
    given(...running('mine', ['a1']))
      .when(loses)
      .ignored('already-started'));

  it('that no hold has changes nothing', () =>
    given(held('mine', ['a2']))
      .when(loses)
      .ignored('unit-not-kept'));

  it('is never replaced by a unit of another hold', () =>
    expect(() =>
      given(held('mine', ['a1']), held('other', ['a2'])).when((matters) =>
        loseUnit(matters, 'a1', () => 'a2'),
      ),
    ).toThrow('not free'));
});
