import { specification } from '@opennrm/testkit/pure';
import { describe, it } from 'vitest';
import { nextDeadline, timePasses } from './deadlines.ts';
import type { ProviderEvent } from './events.ts';
import { evolve, type Provider } from './provider.ts';
import {
  confirmed,
  flat,
  flatWith,
  held,
  hold,
  houseWith,
  inHours,
  noon,
  room,
  staying,
  unit,
} from './shelter.fixture.ts';
import {
  endStay,
  moveWithin,
  recordAbsent,
  recordArrival,
  recordDidNotArrive,
  recordMissing,
  recordReturned,
} from './stay.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const house = houseWith(room('one', ['a', 'b']), room('two', ['c']));
const mine = hold('mine');
const deadline = (...past: readonly ProviderEvent[]) => {
  const provider = past.reduce<Provider | undefined>(evolve, undefined);
  return provider && nextDeadline(provider);
};
const lives = [...house, ...staying('mine', ['a'])];

describe('an arrival', () => {
  const arrives = (provider: Provider) => recordArrival(provider, mine, noon);

  it('begins the stay in the promised units', () =>
    given(...house, confirmed('mine', ['a']))
      .when(arrives)
      .then({ type: 'Arrived', at: noon }));

  it('is recorded once', () =>
    given(...lives)
      .when(arrives)
      .ignored('already-arrived'));

  it('needs a promise', () => {
    given(...house, held('mine', ['a']))
      .when(arrives)
      .refused('not-confirmed', 'hold_id');
    given(...house)
      .when(arrives)
      .refused('not-found', 'hold_id');
  });

  it('that does not happen leaves the place promised', () => {
    const waits = (provider: Provider) => recordDidNotArrive(provider, mine);
    given(...house, confirmed('mine', ['a']))
      .when(waits)
      .then('DidNotArrive');
    given(...lives)
      .when(waits)
      .refused('already-arrived', 'hold_id');
    given(...house, held('mine', ['a']))
      .when(waits)
      .refused('not-confirmed', 'hold_id');
    given(...house)
      .when(waits)
      .refused('not-found', 'hold_id');
  });
});

describe('a stay', () => {
  const moves =
    (...units: string[]) =>
    (provider: Provider) =>
      moveWithin(provider, mine, units.map(unit));

  it('goes on in another free unit of the site', () =>
    given(...lives)
      .when(moves('c'))
      .then({ type: 'StayMoved', unitIds: [unit('c')] }));

  it('does not move onto somebody else, out of service, elsewhere, or to another number of beds', () => {
    given(...lives, held('other', ['c']))
      .when(moves('c'))
      .refused('unit-not-free', 'unit_ids');
    given(...lives, {
      type: 'UnitSetOutOfService',
      siteId: 'house' as never,
      unitId: unit('c'),
      code: 'repair',
    })
      .when(moves('c'))
      .refused('unit-not-free', 'unit_ids');
    given(...lives)
      .when(moves('elsewhere'))
      .refused('unit-not-free', 'unit_ids');
    given(...lives)
      .when(moves('b', 'c'))
      .refused('wrong-number-of-units', 'unit_ids');
  });

  it('of a party does not move when only some of the named units are free, or when one unit is named twice', () => {
    const two = [...house, ...staying('mine', ['a', 'b'])];
    given(...two)
      .when(moves('c', 'elsewhere'))
      .refused('unit-not-free', 'unit_ids');
    given(...two)
      .when(moves('c', 'c'))
      .refused('wrong-number-of-units', 'unit_ids');
    given(...two)
      .when(moves('a', 'c'))
      .then({ type: 'StayMoved', unitIds: [unit('a'), unit('c')] });
  });

  it('beyond a count that shrank uses one of the units that are left', () => {
    const fifth = [...flatWith(5, 0), ...staying('mine', [`${flat}/5`], { siteId: flat })];
    const shrunk: ProviderEvent = {
      type: 'CountDeclared',
      siteId: flat,
      units: 1,
      occupiedByOthers: 0,
      at: noon,
    };
    given(...fifth, shrunk)
      .when(moves(`${flat}/1`))
      .refused('unit-not-free', 'unit_ids');
  });

  it('ends by its staff alone, with a code, and frees its units', () =>
    given(...lives)
      .when((provider) => endStay(provider, mine, 'moved-on', noon))
      .then(
        { type: 'StayEnded', code: 'moved-on' },
        { type: 'CapacityChanged', free: 3, causedBy: mine },
      ));

  it('that never began cannot change', () => {
    const promised = given(...house, confirmed('mine', ['a']));
    promised.when(moves('b')).refused('no-stay', 'hold_id');
    promised.when((provider) => recordMissing(provider, mine)).refused('no-stay', 'hold_id');
    promised
      .when((provider) => endStay(provider, mine, 'moved-on', noon))
      .refused('no-stay', 'hold_id');
  });
});

describe('an absence', () => {
  const away: ProviderEvent = { type: 'StayAbsent', holdId: mine, keptUntil: inHours(24) };

  it('keeps the bed until a time that is still to come', () => {
    given(...lives)
      .when((provider) => recordAbsent(provider, mine, inHours(24), noon))
      .then('StayAbsent');
    given(...lives)
      .when((provider) => recordAbsent(provider, mine, noon, noon))
      .refused('kept-until-in-the-past', 'kept_until');
  });

  it('that passes its time is told once, and the bed is still kept', () => {
    given(...lives, away)
      .when((provider) => timePasses(provider, inHours(24)))
      .then('AbsenceOverdue');
    given(...lives, away, { type: 'AbsenceOverdue', holdId: mine })
      .when((provider) => timePasses(provider, inHours(48)))
      .ignored('nothing-due');
  });

  it('ends with a return, and its clock with it', () => {
    const back = given(...lives, away).when((provider) => recordReturned(provider, mine));
    back.then('StayReturned');
    given(...lives)
      .when((provider) => recordReturned(provider, mine))
      .refused('not-absent', 'hold_id');
  });

  it('without a word is missing, told once', () => {
    given(...lives, away)
      .when((provider) => recordMissing(provider, mine))
      .then('StayMissing');
    given(...lives, away, { type: 'AbsenceOverdue', holdId: mine })
      .when((provider) => recordMissing(provider, mine))
      .then('StayMissing');
    given(...lives, { type: 'StayMissing', holdId: mine })
      .when((provider) => recordMissing(provider, mine))
      .ignored('already-missing');
  });

  it('has no clock once somebody is overdue, missing or back, and none before it', ({ expect }) => {
    expect(deadline(...lives, away)).toEqual({ kind: 'absence', due: inHours(24) });
    expect(deadline(...lives, away, { type: 'AbsenceOverdue', holdId: mine })).toBeUndefined();
    expect(deadline(...lives)).toBeUndefined();
    expect(deadline(...lives, away, { type: 'StayMissing', holdId: mine })).toBeUndefined();
    expect(deadline(...lives, away, { type: 'StayReturned', holdId: mine })).toBeUndefined();
  });
});

describe('the safety net of a hold', () => {
  it('gives the units back when nobody said anything, and names the hold', () =>
    given(...house, held('mine', ['a']))
      .when((provider) => timePasses(provider, inHours(2)))
      .then(
        { type: 'HoldReleased', code: 'expired' },
        { type: 'CapacityChanged', free: 3, causedBy: mine },
      ));

  it('gives back first what was due first, and names no hold as the cause when several are due', () =>
    given(...house, held('mine', ['a']), {
      ...held('other', ['b']),
      until: inHours(1),
    } as ProviderEvent)
      .when((provider) => timePasses(provider, inHours(3)))
      .then(
        { type: 'HoldReleased', holdId: hold('other') },
        { type: 'HoldReleased', holdId: mine },
        { type: 'CapacityChanged', free: 3, causedBy: undefined },
      ));

  it('does nothing early', () =>
    given(...house, held('mine', ['a']))
      .when((provider) => timePasses(provider, inHours(1)))
      .ignored('nothing-due'));

  it('is no deadline of a confirmed place', ({ expect }) => {
    expect(deadline(...house, held('mine', ['a']))).toEqual({ kind: 'hold', due: inHours(2) });
    expect(deadline(...house, confirmed('mine', ['a']))).toBeUndefined();
  });
});
