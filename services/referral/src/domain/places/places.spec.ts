import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { declarePlaces } from './declare.ts';
import type { Declared } from './declared.ts';
import type { PlacesEvent } from './events.ts';
import {
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  inHours,
  noon,
  organisationId,
  placesAfter,
  serviceId,
  slot,
  started,
  unitAt,
} from './places.fixture.ts';
import { evolvePlaces, nextTime, type Places, passTime } from './places.ts';
import { freeUnits } from './units.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const passing = (hour: number) => (places: Places) => passTime(places, inHours(hour));
const declaring = (declared: Declared, hour: number) => (places: Places) =>
  declarePlaces(places, { serviceId, organisationId, declared }, inHours(hour));
const passed = (hour: number): PlacesEvent => ({ type: 'TimePassed', at: inHours(hour) });
const isBook = declares(book(slot(1, 2), slot(2), slot(3)));

describe('the next time of an appointment book', () => {
  it('is the first one after the declaration', () =>
    expect(nextTime(placesAfter(isBook))).toBe(inHours(1)));

  it.each([
    [0.5, 1],
    [1, 2],
    [1.5, 2],
    [2, 3],
  ])('is the first one after the times that passed: %s h', (until, next) =>
    expect(nextTime(placesAfter(isBook, passed(until)))).toBe(inHours(next)),
  );

  it.each([3, 4])('is missing after the last one passed: %s h', (until) =>
    expect(nextTime(placesAfter(isBook, passed(until)))).toBeUndefined(),
  );

  it('is missing where no time is declared', () =>
    expect(nextTime(placesAfter(declares(book())))).toBeUndefined());

  it.each([
    ['held', held('mine', [unitAt(1, 1), unitAt(1, 2)])],
    ['confirmed', confirmed('mine', [unitAt(1, 1), unitAt(1, 2)])],
    ['started', started('mine', [unitAt(1, 1), unitAt(1, 2)])],
  ])('is also one of which every place is %s', (_status, event) =>
    expect(nextTime(placesAfter(isBook, event))).toBe(inHours(1)),
  );

  it.each([
    ['count', count(4)],
    ['caseload', caseload(4)],
  ])('does not exist where a service declared %s', (_kind, declared) =>
    expect(nextTime(placesAfter(declares(declared)))).toBeUndefined(),
  );

  it('follows a new declaration, which says also until when times have passed', () => {
    const again = given(isBook, passed(2)).when(declaring(book(slot(5), slot(4)), 2.5));
    again.then({ type: 'PlacesDeclared', at: inHours(2.5) });
    expect(again.state().timesUntil).toBe(inHours(2.5));
    expect(nextTime(again.state())).toBe(inHours(4));
  });

  it('that had begun before a new declaration, and was not reported, does not pass after it', () =>
    given(isBook)
      .when(declaring(book(slot(3)), 2))
      .and(passing(2))
      .ignored('nothing-due'));
});

describe('times of an appointment book', () => {
  it('pass at their start, not before', () => {
    given(isBook).when(passing(0.75)).ignored('nothing-due');
    const first = given(isBook).when(passing(1));
    first.then({ type: 'TimePassed', at: inHours(1) });
    expect(first.state().timesUntil).toBe(inHours(1));
    expect(nextTime(first.state())).toBe(inHours(2));
  });

  it('that are reported late pass in one step, up to now', () => {
    const both = given(isBook).when(passing(2.5));
    both.then({ type: 'TimePassed', at: inHours(2.5) });
    expect(both.state().timesUntil).toBe(inHours(2.5));
    expect(nextTime(both.state())).toBe(inHours(3));
  });

  it('pass once', () => {
    const first = given(isBook).when(passing(1));
    first.and(passing(1)).ignored('nothing-due');
    first.and(passing(1.75)).ignored('nothing-due');
    first.and(passing(2)).then({ type: 'TimePassed', at: inHours(2) });
    given(isBook).when(passing(3)).and(passing(1_000)).ignored('nothing-due');
  });

  it.each([
    ['count', count(4)],
    ['appointments, and no time', book()],
    ['caseload', caseload(4)],
  ])('do not exist where a service declared %s', (_kind, declared) =>
    given(declares(declared)).when(passing(1_000)).ignored('nothing-due'),
  );

  it('that pass change no hold and no declaration, and their places are not free', () => {
    const past = [isBook, held('one', [unitAt(1)]), confirmed('two', [unitAt(2)])];
    const before = placesAfter(...past);
    const first = given(...past).when(passing(1));
    expect(first.state()).toEqual({ ...before, timesUntil: inHours(1) });
    expect(freeUnits(before, noon)).toBe(2);
    expect(freeUnits(first.state(), inHours(1))).toBe(1);
  });
});
