import { expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import type { HoldTerms } from './hold.ts';
import { evolve, type Provider } from './provider.ts';
import { flat, flatWith, held, houseWith, room, terms } from './shelter.fixture.ts';
import { smallestSufficient } from './sufficient.ts';

const placesIn = (past: readonly ProviderEvent[], asked: Partial<HoldTerms>): readonly string[] | undefined => {
  const provider = past.reduce<Provider | undefined>(evolve, undefined);
  return provider && smallestSufficient(provider, terms(asked))?.unitIds;
};

it('keeps a place without steps for somebody who needs it', () => {
  const house = houseWith(room('one', ['a'], { attributes: ['step-free'] }), room('two', ['b', 'c']));
  expect(placesIn(house, {})).toEqual(['b']);
  expect(placesIn(house, { attributes: ['step-free'] })).toEqual(['a']);
});

it('needs every attribute in every unit', () => {
  const house = houseWith(room('one', ['a', 'b'], { attributes: ['step-free'] }), room('two', ['c']));
  expect(placesIn(house, { attributes: ['step-free', 'own-room'] })).toBeUndefined();
  expect(placesIn(house, { attributes: ['step-free'], places: 3 })).toBeUndefined();
});

it('gives a room to its groups only', () => {
  const house = houseWith(
    room('one', ['a'], { groups: ['men'] }),
    room('two', ['b', 'c'], { groups: ['women', 'child'] }),
  );
  expect(placesIn(house, { group: 'men' })).toEqual(['a']);
  expect(placesIn(house, { group: 'child' })).toEqual(['b']);
  expect(placesIn(house, { group: 'family' })).toBeUndefined();
});

it('fills the room that leaves the fewest over', () => {
  const house = houseWith(room('one', ['a', 'b', 'c']), room('two', ['d', 'e']));
  expect(placesIn(house, { places: 2 })).toEqual(['d', 'e']);
  expect(placesIn([...house, held('other', ['a', 'b'])], {})).toEqual(['c']);
});

it('puts a party in as few rooms as can be', () => {
  const house = houseWith(room('one', ['a', 'b']), room('two', ['c', 'd', 'e']), room('three', ['f']));
  expect(placesIn(house, { places: 3 })).toEqual(['c', 'd', 'e']);
  expect(placesIn(house, { places: 4 })).toEqual(['c', 'd', 'e', 'a']);
});

it('never spreads a party over two sites', () => {
  const two = [...houseWith(room('one', ['a'])), ...flatWith(1, 0).slice(1)];
  expect(placesIn(two, { places: 2 })).toBeUndefined();
});

it('gives numbered units of a declared count', () => {
  expect(placesIn(flatWith(3, 1), { places: 2 })).toEqual([`${flat}/1`, `${flat}/2`]);
  expect(placesIn(flatWith(3, 1), { places: 3 })).toBeUndefined();
});
