import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { addApart } from './apart.ts';
import { recordKept } from './begin-service.ts';
import type { PlacesEvent } from './events.ts';
import {
  confirmed,
  count,
  declares,
  held,
  holdAfter,
  holdId,
  mine,
  noon,
  placesAfter,
  started,
  terms,
} from './places.fixture.ts';
import { evolvePlaces, type Places } from './places.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const apart = { apartIds: ['pair'] };
const [first, second] = [holdId('first'), holdId('second')];
const pairs = (places: Places) => addApart(places, mine, 'pair');

describe('a pair to be kept apart that is recorded after the holds', () => {
  const past = [
    declares(count(9)),
    held('mine', ['1']),
    confirmed('first', ['2'], apart),
    started('second', ['3'], apart),
    held('third', ['4'], { apartIds: ['another-pair'] }),
  ];

  it('is announced for the hold that was named and for each other one of the pair, and none ends', () => {
    const paired = given(...past).when(pairs);
    paired.then(
      { type: 'ApartAdded', holdId: mine, apartId: 'pair' },
      { type: 'ApartOverlapFound', holdId: mine },
      { type: 'ApartOverlapFound', holdId: first },
      { type: 'ApartOverlapFound', holdId: second },
    );
    expect(paired.state().holds).toHaveLength(4);
    expect(holdAfter(paired.state())?.terms.apartIds).toEqual(['pair']);
  });

  it('is stored where no other hold is of the pair, and nothing is announced', () => {
    const paired = given(declares(count(9)), held('mine', ['1'])).when(pairs);
    paired.then('ApartAdded');
    expect(holdAfter(paired.state())?.terms.apartIds).toEqual(['pair']);
  });

  it('is applied once', () =>
    given(...past)
      .when(pairs)
      .and(pairs)
      .ignored('already-kept-apart'));

  it('is announced again for the same holds where it is another pair', () => {
    const both = { apartIds: ['pair', 'old-pair'] };
    given(declares(count(9)), held('mine', ['1']), held('first', ['2'], both))
      .when(pairs)
      .and((places) => addApart(places, mine, 'old-pair'))
      .then(
        { type: 'ApartAdded', holdId: mine, apartId: 'old-pair' },
        { type: 'ApartOverlapFound', holdId: mine },
        { type: 'ApartOverlapFound', holdId: first },
      );
  });

  it('is announced first for the hold that was named, also where another one began before', () =>
    given(declares(count(9)), held('mine', ['1'], apart), held('first', ['2']))
      .when((places) => addApart(places, first, 'pair'))
      .then(
        { type: 'ApartAdded', holdId: first, apartId: 'pair' },
        { type: 'ApartOverlapFound', holdId: first },
        { type: 'ApartOverlapFound', holdId: mine },
      ));
});

describe('a person who came although their place was released', () => {
  it('is not turned away beside a person to be kept apart, and this is announced for both', () => {
    const kept = given(
      declares(count(9)),
      confirmed('first', ['1'], apart),
      held('third', ['2']),
    ).when((places) => recordKept(places, mine, terms(apart), noon));
    kept.then(
      'ServiceBegun',
      { type: 'ApartOverlapFound', holdId: mine },
      { type: 'ApartOverlapFound', holdId: first },
    );
    expect(kept.state().holds).toHaveLength(3);
  });
});

it('an event of places that were not declared is a fault of the program', () =>
  expect(() => placesAfter(held('mine', ['1']))).toThrow('UnitsHeld before PlacesDeclared'));
