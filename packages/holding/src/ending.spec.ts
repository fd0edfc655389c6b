import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { expireHolds, nextExpiry, releaseHeld, releaseHold } from './ending.ts';
import {
  confirmed,
  evolve,
  held,
  holdId,
  inHours,
  type Matter,
  noon,
  type RosterEvent,
  running,
} from './roster.fixture.ts';

const { given } = specification<readonly Matter[], RosterEvent>(evolve);
const mine = holdId('mine');
const state = (...past: readonly RosterEvent[]): readonly Matter[] =>
  past.reduce<readonly Matter[]>(evolve, []);
const until = (hours: number, event: RosterEvent): RosterEvent =>
  event.type === 'UnitsHeld' ? { ...event, until: inHours(hours) } : event;

describe('a release', () => {
  const releases = (matters: readonly Matter[] = []) => releaseHold(matters, mine, 'asked');

  it.each([
    ['held', held('mine', ['a1'])],
    ['confirmed', confirmed('mine', ['a1'])],
  ])('ends a %s hold and no other', (_status, past) => {
    const released = given(past, held('other', ['a2'])).when(releases);
    released.then({ type: 'HoldReleased', holdId: mine, code: 'asked' });
    expect(released.state().map((one) => one.holdId)).toEqual(['other']);
  });

  it('never ends what has started', () =>
    given(...running('mine', ['a1']))
      .when(releases)
      .ignored('already-started'));

  it('of a hold that does not exist changes nothing', () =>
    given(held('other', ['a1']))
      .when(releases)
      .ignored('no-such-hold'));
});

it('a suspension releases the holds of the service, and nothing that is confirmed or has started', () => {
  const matters = state(
    held('mine', ['a1'], { terms: { serviceId: 'advice' } }),
    held('elsewhere', ['b1'], { terms: { serviceId: 'court' } }),
    confirmed('agreed', ['a2'], { terms: { serviceId: 'advice' } }),
    ...running('begun', ['b2'], { terms: { serviceId: 'advice' } }),
  );
  expect(releaseHeld(matters, ({ serviceId }) => serviceId === 'advice')).toEqual([
    { type: 'HoldReleased', holdId: mine, code: 'service-suspended' },
  ]);
});

describe('the expiry of holds', () => {
  const expires =
    (hours: number) =>
    (matters: readonly Matter[] = []) =>
      expireHolds(matters, inHours(hours));

  it('ends every hold that is due, the earliest first', () =>
    given(until(2, held('mine', ['a1'])), until(1, held('other', ['a2'])))
      .when(expires(2))
      .then(
        { type: 'HoldReleased', holdId: holdId('other'), code: 'expired' },
        { type: 'HoldReleased', holdId: mine, code: 'expired' },
      ));

  it('ends no hold before its time', () =>
    given(until(2, held('mine', ['a1'])), until(1, held('other', ['a2'])))
      .when(expires(1))
      .then({ type: 'HoldReleased', holdId: holdId('other') }));

  it('never ends what is confirmed or has started', () => {
    given(confirmed('mine', ['a1']), ...running('other', ['a2']))
      .when(expires(1_000))
      .ignored('nothing-due');
    expect(nextExpiry(state(confirmed('mine', ['a1']), ...running('other', ['a2'])))).toBe(
      undefined,
    );
  });

  it('is due at the earliest end of a hold', () => {
    expect(nextExpiry([])).toBe(undefined);
    const matters = state(until(2, held('mine', ['a1'])), until(1, held('other', ['a2'])));
    expect(nextExpiry(matters)).toBe(inHours(1));
    given(until(0, held('mine', ['a1'])))
      .when((one) => expireHolds(one, noon))
      .then('HoldReleased');
  });
});
