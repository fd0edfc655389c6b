import { describe, expect, it } from 'vitest';
import {
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  inHours,
  noon,
  placesAfter,
  slot,
  started,
  unitAt,
} from './places.fixture.ts';
import { freeUnits } from './units.ts';

describe('the number of people to whom a unit can be given', () => {
  it.each([
    ['count', count(5)],
    ['caseload', caseload(5, 1)],
  ])('is the declared %s without every kept unit', (_kind, declared) => {
    const kept = [held('one', ['1']), confirmed('two', ['3']), started('three', ['4', '9'])];
    expect(freeUnits(placesAfter(declares(declared)), noon)).toBe(5);
    expect(freeUnits(placesAfter(declares(declared), ...kept), noon)).toBe(1);
  });

  it('is not negative where fewer are declared than are kept', () =>
    expect(freeUnits(placesAfter(declares(count(1)), held('one', ['1', '2', '3'])), noon)).toBe(0));

  it('is the sum of the free places of future slots', () => {
    const places = placesAfter(
      declares(book(slot(1, 3), slot(2, 2), slot(3, 1))),
      held('one', [unitAt(1, 2)]),
      started('two', [unitAt(3, 1)]),
      // Over capacity: these are in no slot.
      started('three', ['over-three/1', 'over-three/2']),
    );
    expect(freeUnits(places, noon)).toBe(4);
    expect(freeUnits(places, inHours(1))).toBe(2);
    expect(freeUnits(places, inHours(2))).toBe(0);
  });

  it('is not negative in one slot, and this slot lowers no other', () => {
    const places = placesAfter(
      declares(book(slot(1, 1), slot(2, 2))),
      confirmed('one', [unitAt(1, 1), unitAt(1, 2), unitAt(1, 3)]),
    );
    expect(freeUnits(places, noon)).toBe(2);
  });
});
