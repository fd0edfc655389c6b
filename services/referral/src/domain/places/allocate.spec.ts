import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { PlacesEvent } from './events.ts';
import type { PlacesTerms } from './hold.ts';
import { confirmHold, requestHold } from './holding.ts';
import {
  agreed,
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  inHours,
  mine,
  noon,
  ofBook,
  ofCaseload,
  slot,
  started,
  terms,
  unitAt,
} from './places.fixture.ts';
import { evolvePlaces, type Places } from './places.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const requesting =
  (one: PlacesTerms, now = noon) =>
  (places: Places) =>
    requestHold(places, mine, one, now);
const confirming =
  (one: PlacesTerms, now = noon) =>
  (places: Places) =>
    confirmHold(places, mine, one, now);

describe.each([
  ['count', count, terms],
  ['caseload', caseload, ofCaseload],
])('a hold of a declared %s', (_kind, declared, need) => {
  it('has the lowest free units, one for each place', () =>
    given(declares(declared(5)), held('other', ['2']))
      .when(requesting(need({ places: 3 })))
      .then({ type: 'UnitsHeld', unitIds: ['1', '3', '4'] }));

  it('is refused where fewer units are free than the party has people', () =>
    given(declares(declared(3)), started('other', ['2']))
      .when(requesting(need({ places: 3 })))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it('is refused where a unit that is not declared any more uses up the number', () =>
    given(declares(declared(2)), confirmed('other', ['3', '4']))
      .when(requesting(need()))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it('does not expire while it can still be confirmed', () =>
    given(declares(declared(1)))
      .when(requesting(need()))
      .and(confirming(need(), inHours(1_000_000)))
      .then({ type: 'UnitsConfirmed', unitIds: ['1'] }));
});

describe('a hold of an appointment book', () => {
  const isBook = declares(book(slot(1, 2), slot(2, 3), slot(3, 4)));

  it('is of the earliest slot that has enough places for the whole party', () => {
    given(isBook)
      .when(requesting(ofBook({ places: 2 })))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(1, 1), unitAt(1, 2)] });
    given(isBook)
      .when(requesting(ofBook({ places: 3 })))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(2, 1), unitAt(2, 2), unitAt(2, 3)] });
    given(isBook, held('other', [unitAt(2, 1), unitAt(1, 1)]))
      .when(requesting(ofBook({ places: 3 })))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(3, 1), unitAt(3, 2), unitAt(3, 3)] });
  });

  it('is of no slot that has begun', () => {
    given(isBook)
      .when(requesting(ofBook(), inHours(1)))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(2, 1)] });
    given(isBook)
      .when(requesting(ofBook(), inHours(3)))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' });
  });

  it('is never of two slots', () =>
    given(declares(book(slot(1), slot(2))))
      .when(requesting(ofBook({ places: 2 })))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it('moves to a later slot where its own has begun before the confirmation', () =>
    given(isBook)
      .when(requesting(ofBook()))
      .and(confirming(ofBook(), inHours(1)))
      .then({ type: 'UnitsConfirmed', unitIds: [unitAt(2, 1)] }));

  it('keeps its own slot where an earlier one is free at the confirmation', () =>
    given(isBook, held('mine', [unitAt(2, 1)]))
      .when(confirming(ofBook()))
      .then({ type: 'UnitsConfirmed', unitIds: [unitAt(2, 1)] }));

  it('cannot be confirmed where its slot has begun and no later one is free', () =>
    given(declares(book(slot(1))), held('mine', [unitAt(1)]))
      .when(confirming(ofBook(), inHours(1)))
      .then({ type: 'UnitsUnavailable', cause: 'no-free-unit' }));

  it('does not get the slot of a person who was given another time there', () =>
    given(
      declares(book(slot(1), slot(2))),
      confirmed('other', [unitAt(2)]),
      agreed('other', 1, [unitAt(1)]),
    )
      .when(requesting(ofBook()))
      .then({ type: 'UnitsHeld', unitIds: [unitAt(2)] }));
});

describe('a need with a unit kind that the service does not have', () => {
  it.each([
    ['count', count(4), ['appointment', 'caseload-slot', 'bed']],
    ['appointments', book(slot(1, 4)), ['place', 'caseload-slot', 'bed']],
    ['caseload', caseload(4), ['place', 'appointment', 'bed']],
  ])('gets no unit of a declared %s', (_kind, declared, unitKinds) => {
    for (const unitKind of unitKinds)
      given(declares(declared))
        .when(requesting(terms({ unitKind })))
        .then({ type: 'HoldRefused', cause: 'no-free-unit' });
  });

  it('does not suffice at the confirmation, where it was amended after the request', () =>
    given(declares(count(4)), held('mine', ['1']))
      .when(confirming(ofBook()))
      .then({ type: 'UnitsUnavailable', cause: 'no-free-unit' }));
});

describe('two people to be kept apart', () => {
  const apart = { apartIds: ['pair'] };
  it.each([
    ['held', held('other', ['1'], apart)],
    ['confirmed', confirmed('other', ['1'], apart)],
    ['started', started('other', ['1'], apart)],
  ])('have no holds at one service at a time where one hold is %s', (_status, event) => {
    const past = given(declares(count(4)), event);
    past
      .when(requesting(terms({ apartIds: ['old-pair', 'pair'] })))
      .then({ type: 'HoldRefused', cause: 'keep-apart' });
    past.when(confirming(terms(apart))).then({ type: 'UnitsUnavailable', cause: 'keep-apart' });
    past.when(requesting(terms({ apartIds: ['old-pair'] }))).then('UnitsHeld');
  });

  it('are refused for the same recorded cause where no unit is free either', () =>
    given(declares(count(1)), held('other', ['1'], apart))
      .when(requesting(terms(apart)))
      .then({ type: 'HoldRefused', cause: 'keep-apart' }));

  it('may be asked one after the other', () => {
    const released = given(declares(count(1)), held('other', ['1'], apart), {
      type: 'HoldReleased',
      holdId: 'other' as typeof mine,
      code: 'asked',
    }).when(requesting(terms(apart)));
    released.then('UnitsHeld');
    expect(released.state().holds).toHaveLength(1);
  });
});
