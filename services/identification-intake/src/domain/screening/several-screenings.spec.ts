import { expect, it } from 'vitest';
import { conclude } from './concluding.ts';
import {
  answers,
  begin,
  begun,
  finish,
  given,
  on,
  pause,
  recorded,
  screeningIn,
  seen,
} from './screening.fixture.ts';

it('an event of one screening does not change another screening of the person', () => {
  const both = given(...begun(), ...begun({ screeningId: 's2' }))
    .when(pause)
    .state();
  expect(both.screenings.map(({ state }) => state)).toEqual(['paused', 'open']);
  given(...begun())
    .when(begin({ screeningId: 's2' }))
    .then('ScreeningBegun');
});

it.each([
  ['another language', { language: 'vi' }],
  ['an interpreter', { interpreter: true }],
  ['another interpreter', { interpreterId: 'i1' }],
  ['another person who asks', { by: 'p2' }],
])('with %s a new session begins', (_what, more) => {
  const file = given(...begun())
    .when(answers(seen('one'), more))
    .state();
  expect(screeningIn(file).sessions).toHaveLength(2);
});

it('a repeated answer is not a change', () => {
  const file = given(...begun())
    .when(answers(seen('one')))
    .and(answers(seen('one')))
    .state();
  expect(screeningIn(file).changed).toEqual([]);
});

it('a concluded screening accepts no answer and is not evaluated again', () => {
  const how = { conclusion: 'indicated', reason: undefined, noteId: undefined, by: 'p1' } as const;
  const concluded = given(...recorded()).when(on((one) => conclude(one, how)));
  concluded.and(answers(seen('one'))).refused('already-recorded', 'screening_id');
  concluded.and(finish).refused('already-recorded', 'screening_id');
});
