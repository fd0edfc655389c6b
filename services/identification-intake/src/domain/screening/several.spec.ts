import { expect, it } from 'vitest';
import { begin, begun, given, pause } from './screening.fixture.ts';

it('what happens to one screening of a person changes no other', () => {
  const both = given(...begun(), ...begun({ screeningId: 's2' }))
    .when(pause)
    .state();
  expect(both.screenings.map(({ state }) => state)).toEqual(['paused', 'open']);
  given(...begun())
    .when(begin({ screeningId: 's2' }))
    .then('ScreeningBegun');
});
