import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { addApart, sharesApartId } from './apart.ts';
import {
  confirmed,
  evolve,
  held,
  holdId,
  type Matter,
  type RosterEvent,
  running,
} from './roster.fixture.ts';

const { given } = specification<readonly Matter[], RosterEvent>(evolve);
const mine = holdId('mine');
const apart = { terms: { apartIds: ['pair'] } };

describe('people to be kept apart', () => {
  it.each([
    ['held', [held('other', ['a1'], apart)]],
    ['confirmed', [confirmed('other', ['a1'], apart)]],
    ['started', running('other', ['a1'], apart)],
  ])('are found where the hold of one of them is %s', (_status, past) => {
    const matters = past.reduce<readonly Matter[]>(evolve, []);
    expect(sharesApartId(matters, ['another-pair', 'pair'])).toBe(true);
    expect(sharesApartId(matters, ['another-pair'])).toBe(false);
    expect(sharesApartId(matters, [])).toBe(false);
  });
});

describe('a pair to be kept apart that is recorded after the hold', () => {
  const pairs = (matters: readonly Matter[] = []) => addApart(matters, mine, 'pair');

  it('is stored beside the pairs of the hold, and ends nothing', () => {
    const paired = given(held('mine', ['a1'], { terms: { apartIds: ['old-pair'] } })).when(pairs);
    paired.then({ type: 'ApartAdded', holdId: mine, apartId: 'pair' });
    expect(paired.state()).toMatchObject([{ terms: { apartIds: ['old-pair', 'pair'] } }]);
  });

  it('that overlaps already is announced for each hold of the pair and no other, and all stay', () => {
    const paired = given(
      held('mine', ['a1']),
      held('third', ['a2']),
      ...running('other', ['b1'], apart),
    ).when(pairs);
    paired.then(
      'ApartAdded',
      { type: 'ApartOverlapFound', holdId: mine },
      { type: 'ApartOverlapFound', holdId: holdId('other') },
    );
    expect(paired.state()).toHaveLength(3);
  });

  it('is applied once', () =>
    given(held('mine', ['a1'], apart))
      .when(pairs)
      .ignored('already-kept-apart'));

  it('for a hold that does not exist changes nothing', () =>
    given(held('other', ['a1'], apart))
      .when(pairs)
      .ignored('no-such-hold'));
});
