import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { recordKept } from './begin-service.ts';
import { endService } from './end-service.ts';
import type { PlacesEvent } from './events.ts';
import type { PlacesTerms } from './hold.ts';
import {
  agreed,
  awaited,
  book,
  caseload,
  confirmed,
  count,
  declares,
  held,
  holdAfter,
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
import { freeUnits } from './units.ts';

const { given } = specification<Places, PlacesEvent>(evolvePlaces);
const keeping =
  (one: PlacesTerms = terms(), now = noon) =>
  (places: Places) =>
    recordKept(places, mine, one, now);

describe('a report that the person was there', () => {
  it('begins the service with the units and the agreed time of the hold', () => {
    const kept = given(declares(count(4)), confirmed('mine', ['3']), agreed('mine', 1, ['3'])).when(
      keeping(terms(), inHours(1)),
    );
    kept.then({ type: 'ServiceBegun', holdId: mine, workerId: undefined, unitIds: ['3'] });
    expect(holdAfter(kept.state())).toEqual({
      status: 'started',
      holdId: mine,
      terms: terms(),
      unitIds: ['3'],
      appointment: inHours(1),
    });
  });

  it.each([-5, 0, 5])('is accepted at any time from the agreed one: %s h', (hour) =>
    given(declares(book(slot(9))), confirmed('mine', [unitAt(9)]), agreed('mine', 9, [unitAt(9)]))
      .when(keeping(ofBook(), inHours(9 + hour)))
      .then({ type: 'ServiceBegun', unitIds: [unitAt(9)] }),
  );

  it('is accepted where no time was agreed, and where the place was not confirmed yet', () => {
    given(declares(count(4)), confirmed('mine', ['2']))
      .when(keeping())
      .then({ type: 'ServiceBegun', unitIds: ['2'] });
    given(declares(count(4)), held('mine', ['2']))
      .when(keeping())
      .then({ type: 'ServiceBegun', unitIds: ['2'] });
  });

  it('is accepted also while an appointment is to be agreed, and ends that wait', () => {
    const kept = given(declares(count(4)), confirmed('mine', ['2']), awaited('mine', 5)).when(
      keeping(),
    );
    kept.then({ type: 'ServiceBegun', unitIds: ['2'] });
    expect(holdAfter(kept.state())).toEqual({
      status: 'started',
      holdId: mine,
      terms: terms(),
      unitIds: ['2'],
    });
  });

  it('keeps a smaller party and a new pair, and takes the rest from the amended need', () => {
    const need = terms({ places: 3, apartIds: ['old-pair'], unitKind: 'amended' });
    given(declares(count(4)), confirmed('mine', ['1', '2'], { apartIds: ['pair'] }))
      .when(keeping(need))
      .then({
        type: 'ServiceBegun',
        terms: { ...need, places: 2, apartIds: ['pair'] },
        unitIds: ['1', '2'],
      });
  });

  it('is ignored the second time', () =>
    given(declares(count(4)))
      .when(keeping())
      .and(keeping())
      .ignored('already-started'));
});

describe('a report that a person was there whose place was released before', () => {
  it('takes free units of a declared count', () => {
    const need = terms({ places: 2 });
    given(declares(count(3)), held('other', ['1']))
      .when(keeping(need))
      .then({ type: 'ServiceBegun', terms: need, unitIds: ['2', '3'] });
  });

  it('takes units over capacity where too few are free, which no other hold can have', () => {
    const kept = given(declares(count(3)), held('other', ['1', '2'])).when(
      keeping(terms({ places: 2 })),
    );
    kept.then({ type: 'ServiceBegun', unitIds: ['over-mine/1', 'over-mine/2'] });
    expect(freeUnits(kept.state(), noon)).toBe(0);
    kept.and((places) => endService(places, mine, 'completed')).then('ServiceEnded');
  });

  it('takes no later slot of an appointment book from others', () => {
    const kept = given(declares(book(slot(1), slot(2)))).when(keeping(ofBook()));
    kept.then({ type: 'ServiceBegun', unitIds: ['over-mine/1'] });
    expect(freeUnits(kept.state(), noon)).toBe(2);
  });

  it('takes no unit of another kind', () =>
    given(declares(count(3)))
      .when(keeping(ofBook()))
      .then({ type: 'ServiceBegun', unitIds: ['over-mine/1'] }));
});

describe('a report that the person was there, for a case that a worker takes up,', () => {
  it.each([
    ['released', []],
    ['held', [held('mine', ['1'])]],
    ['confirmed', [confirmed('mine', ['1'])]],
    ['awaited', [confirmed('mine', ['1']), awaited('mine', 5)]],
    ['started', [started('mine', ['1'], {}, 'ana')]],
  ])(
    'is refused by the name of the field of the hold, because naming the worker begins the case: %s',
    (_status, events) =>
      given(declares(caseload(3)), ...events)
        .when(keeping(ofCaseload()))
        .refused('no-appointments-here', 'hold_id'),
  );
});

describe('the end of a service', () => {
  it('frees its units, and ends no other hold', () => {
    const ended = given(
      declares(count(2)),
      started('mine', ['1'], {}, 'ana'),
      started('other', ['2']),
    ).when((places) => endService(places, mine, 'completed'));
    ended.then({ type: 'ServiceEnded', holdId: mine, code: 'completed' });
    expect(ended.state().holds.map((hold) => hold.holdId)).toEqual(['other']);
    expect(freeUnits(ended.state(), noon)).toBe(1);
  });

  it('is refused for a hold that has not begun or does not exist, by the name of its field', () => {
    given(declares(count(2)), confirmed('mine', ['1']))
      .when((places) => endService(places, mine, 'completed'))
      .refused('not-started', 'hold_id');
    given(declares(count(2)))
      .when((places) => endService(places, mine, 'completed'))
      .refused('not-held', 'hold_id');
  });
});
