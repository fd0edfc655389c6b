import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import type { HoldTerms } from './hold.ts';
import { evolve, type Provider } from './provider.ts';
import { flat, flatWith, held, houseWith, room, serviceId, terms } from './shelter.fixture.ts';
import type { Room, SiteId } from './site.ts';
import { smallestSufficient } from './sufficient.ts';

const allocatedUnits = (
  past: readonly ProviderEvent[],
  asked: Partial<HoldTerms>,
): readonly string[] | undefined => {
  const provider = past.reduce<Provider | undefined>(evolve, undefined);
  return provider && smallestSufficient(provider, terms(asked))?.unitIds;
};

/** A second site of the same service, registered after the house. */
const annexWith = (...rooms: readonly Room[]): ProviderEvent => ({
  type: 'SiteRegistered',
  siteId: 'annex' as SiteId,
  serviceId,
  unitKind: 'bed',
  rooms,
});
const stepFree = { attributes: ['step-free'] };
const stepFreeAndOwnBath = { attributes: ['step-free', 'own-bath'] };

it('a unit with a scarce attribute is kept for a person who needs it', () => {
  const house = houseWith(
    room('one', ['a'], { attributes: ['step-free'] }),
    room('two', ['b', 'c']),
  );
  expect(allocatedUnits(house, {})).toEqual(['b']);
  expect(allocatedUnits(house, { attributes: ['step-free'] })).toEqual(['a']);
});

it('every unit of an allocation has every needed attribute', () => {
  const house = houseWith(
    room('one', ['a', 'b'], { attributes: ['step-free'] }),
    room('two', ['c']),
  );
  expect(allocatedUnits(house, { attributes: ['step-free', 'own-room'] })).toBeUndefined();
  expect(allocatedUnits(house, { attributes: ['step-free'], places: 3 })).toBeUndefined();
});

it('a room is given to its groups only', () => {
  const house = houseWith(
    room('one', ['a'], { groups: ['men'] }),
    room('two', ['b', 'c'], { groups: ['women', 'child'] }),
  );
  expect(allocatedUnits(house, { group: 'men' })).toEqual(['a']);
  expect(allocatedUnits(house, { group: 'child' })).toEqual(['b']);
  expect(allocatedUnits(house, { group: 'family' })).toBeUndefined();
});

it('the room with the fewest unused units is filled', () => {
  const house = houseWith(room('one', ['a', 'b', 'c']), room('two', ['d', 'e']));
  expect(allocatedUnits(house, { places: 2 })).toEqual(['d', 'e']);
  expect(allocatedUnits([...house, held('other', ['a', 'b'])], {})).toEqual(['c']);
});

it('a party is placed in as few rooms as possible', () => {
  const house = houseWith(
    room('one', ['a', 'b']),
    room('two', ['c', 'd', 'e']),
    room('three', ['f']),
  );
  expect(allocatedUnits(house, { places: 3 })).toEqual(['c', 'd', 'e']);
  expect(allocatedUnits(house, { places: 4 })).toEqual(['c', 'd', 'e', 'a']);
});

it('of two equal rooms the one that the site lists first is given', () => {
  expect(allocatedUnits(houseWith(room('z', ['a']), room('b', ['c'])), {})).toEqual(['a']);
  expect(allocatedUnits(houseWith(room('b', ['c']), room('z', ['a'])), {})).toEqual(['c']);
});

it('rooms with scarce attributes stay free when a party needs several rooms', () => {
  const house = houseWith(
    room('one', ['a', 'b'], stepFree),
    room('two', ['c', 'd']),
    room('three', ['e', 'f']),
  );
  expect(allocatedUnits(house, { places: 3 })).toEqual(['c', 'd', 'e']);
});

describe('of two sites', () => {
  it.each([
    ['the house', houseWith(room('one', ['a'])), annexWith(room('two', ['b'], stepFree)), ['a']],
    ['the annex', houseWith(room('one', ['a'], stepFree)), annexWith(room('two', ['b'])), ['b']],
  ])('%s is chosen when only it has no unused attribute', (_which, house, annex, expected) =>
    expect(allocatedUnits([...house, annex], {})).toEqual(expected),
  );

  it.each([
    [
      'the house',
      houseWith(room('one', ['a', 'b'])),
      annexWith(room('two', ['c']), room('three', ['d'])),
      ['a', 'b'],
    ],
    [
      'the annex',
      houseWith(room('one', ['a']), room('two', ['b'])),
      annexWith(room('three', ['c', 'd'])),
      ['c', 'd'],
    ],
  ])('%s is chosen when the party needs fewer rooms there', (_which, house, annex, expected) =>
    expect(allocatedUnits([...house, annex], { places: 2 })).toEqual(expected),
  );

  it.each([
    ['the house', houseWith(room('one', ['a'])), annexWith(room('two', ['b', 'c'])), ['a']],
    ['the annex', houseWith(room('one', ['a', 'b'])), annexWith(room('two', ['c'])), ['c']],
  ])('%s is chosen when its room has fewer unused units', (_which, house, annex, expected) =>
    expect(allocatedUnits([...house, annex], {})).toEqual(expected),
  );

  it('the one with the smallest sufficient room is chosen, however many rooms it has', () => {
    const house = houseWith(room('one', ['a']), room('two', ['b']));
    expect(allocatedUnits([...house, annexWith(room('three', ['c', 'd']))], {})).toEqual(['a']);
  });

  it('the one with fewer unused units in several rooms is chosen, and its other rooms do not count', () => {
    const house = houseWith(room('one', ['a', 'b', 'c']), room('two', ['d', 'e', 'f']));
    const annex = annexWith(
      room('three', ['g', 'h']),
      room('four', ['i', 'j']),
      room('five', ['k']),
    );
    expect(allocatedUnits([...house, annex], { places: 4 })).toEqual(['g', 'h', 'i', 'j']);
  });

  it('the one with fewer unused attributes is chosen, also when the party needs more rooms there', () => {
    const house = houseWith(room('one', ['a', 'b'], stepFreeAndOwnBath));
    const annex = annexWith(room('two', ['c'], stepFree), room('three', ['d'], stepFree));
    expect(allocatedUnits([...house, annex], { ...stepFree, places: 2 })).toEqual(['c', 'd']);
  });

  it('unused attributes are counted in every room of the party', () => {
    const house = houseWith(room('one', ['a'], stepFree), room('two', ['b'], stepFree));
    const annex = annexWith(room('three', ['c'], stepFree), room('four', ['d']));
    expect(allocatedUnits([...house, annex], { places: 2 })).toEqual(['d', 'c']);
  });

  it('the one that was registered first is chosen when they are equal', () => {
    const rooms = [room('one', ['a']), room('two', ['b'])] as const;
    expect(allocatedUnits([...houseWith(rooms[0]), annexWith(rooms[1])], {})).toEqual(['a']);
    expect(allocatedUnits([...houseWith(rooms[1]), annexWith(rooms[0])], {})).toEqual(['b']);
  });
});

it('a party is never placed at two sites', () => {
  const two = [...houseWith(room('one', ['a'])), ...flatWith(1, 0).slice(1)];
  expect(allocatedUnits(two, { places: 2 })).toBeUndefined();
});

it('a declared count gives numbered units', () => {
  expect(allocatedUnits(flatWith(3, 1), { places: 2 })).toEqual([`${flat}/1`, `${flat}/2`]);
  expect(allocatedUnits(flatWith(3, 1), { places: 3 })).toBeUndefined();
});
