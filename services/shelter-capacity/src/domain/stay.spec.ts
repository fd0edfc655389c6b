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
const stays = [...house, ...staying('mine', ['a'])];

describe('an arrival', () => {
  const arrives = (provider: Provider) => recordArrival(provider, mine, noon);

  it('begins the stay in the confirmed units', () =>
    given(...house, confirmed('mine', ['a']))
      .when(arrives)
      .then({ type: 'Arrived', at: noon }));

  it('is recorded once', () =>
    given(...stays)
      .when(arrives)
      .ignored('already-arrived'));

  it('needs a confirmed place', () => {
    given(...house, held('mine', ['a']))
      .when(arrives)
      .refused('not-confirmed', 'hold_id');
    given(...house)
      .when(arrives)
      .refused('not-found', 'hold_id');
  });

  it('that does not happen leaves the place confirmed', () => {
    const waits = (provider: Provider) => recordDidNotArrive(provider, mine);
    given(...house, confirmed('mine', ['a']))
      .when(waits)
      .then('DidNotArrive');
    given(...stays)
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

  it('can move to another free unit of the site', () =>
    given(...stays)
      .when(moves('c'))
      .then({ type: 'StayMoved', unitIds: [unit('c')] }));

  it('cannot move to a unit that is in use, out of service or at another site, or to another number of beds', () => {
    given(...stays, held('other', ['c']))
      .when(moves('c'))
      .refused('unit-not-free', 'unit_ids');
    given(...stays, {
      type: 'UnitSetOutOfService',
      siteId: 'house' as never,
      unitId: unit('c'),
      code: 'repair',
    })
      .when(moves('c'))
      .refused('unit-not-free', 'unit_ids');
    given(...stays)
      .when(moves('elsewhere'))
      .refused('unit-not-free', 'unit_ids');
    given(...stays)
      .when(moves('b', 'c'))
      .refused('wrong-number-of-units', 'unit_ids');
  });

  it('of a party cannot move when only some of the named units are free, or when one unit is named twice', () => {
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

  it('above a count that became smaller still uses one of the remaining units', () => {
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

  it('is ended only by staff, with a code, and its units are free', () =>
    given(...stays)
      .when((provider) => endStay(provider, mine, 'moved-on', noon))
      .then(
        { type: 'StayEnded', code: 'moved-on' },
        { type: 'CapacityChanged', free: 3, causedBy: mine },
      ));

  it('that never began cannot change', () => {
    const notBegun = given(...house, confirmed('mine', ['a']));
    notBegun.when(moves('b')).refused('no-stay', 'hold_id');
    notBegun.when((provider) => recordMissing(provider, mine)).refused('no-stay', 'hold_id');
    notBegun
      .when((provider) => endStay(provider, mine, 'moved-on', noon))
      .refused('no-stay', 'hold_id');
  });
});

describe('an absence', () => {
  const away: ProviderEvent = { type: 'StayAbsent', holdId: mine, keptUntil: inHours(24) };

  it('keeps the bed until a time in the future', () => {
    given(...stays)
      .when((provider) => recordAbsent(provider, mine, inHours(24), noon))
      .then('StayAbsent');
    given(...stays)
      .when((provider) => recordAbsent(provider, mine, noon, noon))
      .refused('kept-until-in-the-past', 'kept_until');
  });

  it('that passes its time is announced once, and the bed is still kept', () => {
    given(...stays, away)
      .when((provider) => timePasses(provider, inHours(24)))
      .then('AbsenceOverdue');
    given(...stays, away, { type: 'AbsenceOverdue', holdId: mine })
      .when((provider) => timePasses(provider, inHours(48)))
      .ignored('nothing-due');
  });

  it('ends with a return, and so does its deadline', () => {
    const back = given(...stays, away).when((provider) => recordReturned(provider, mine));
    back.then('StayReturned');
    given(...stays)
      .when((provider) => recordReturned(provider, mine))
      .refused('not-absent', 'hold_id');
  });

  it('can be recorded as missing, which is announced once', () => {
    given(...stays, away)
      .when((provider) => recordMissing(provider, mine))
      .then('StayMissing');
    given(...stays, away, { type: 'AbsenceOverdue', holdId: mine })
      .when((provider) => recordMissing(provider, mine))
      .then('StayMissing');
    given(...stays, { type: 'StayMissing', holdId: mine })
      .when((provider) => recordMissing(provider, mine))
      .ignored('already-missing');
  });

  it('of several people in one hold can be recorded as missing for each of them', () =>
    given(...house, ...staying('mine', ['a', 'b']), { type: 'StayMissing', holdId: mine })
      .when((provider) => recordMissing(provider, mine))
      .then('StayMissing'));

  it('has a deadline only until the person is overdue, missing or back', ({ expect }) => {
    expect(deadline(...stays, away)).toEqual({ kind: 'absence', due: inHours(24) });
    expect(deadline(...stays, away, { type: 'AbsenceOverdue', holdId: mine })).toBeUndefined();
    expect(deadline(...stays)).toBeUndefined();
    expect(deadline(...stays, away, { type: 'StayMissing', holdId: mine })).toBeUndefined();
    expect(deadline(...stays, away, { type: 'StayReturned', holdId: mine })).toBeUndefined();
  });
});

describe('the expiry of a hold', () => {
  it('releases its units, and names the hold as the cause', () =>
    given(...house, held('mine', ['a']))
      .when((provider) => timePasses(provider, inHours(2)))
      .then(
        { type: 'HoldReleased', code: 'expired' },
        { type: 'CapacityChanged', free: 3, causedBy: mine },
      ));

  it('releases holds in the order of their expiry, and names no cause when several are due', () =>
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

  it('has no effect before its time', () =>
    given(...house, held('mine', ['a']))
      .when((provider) => timePasses(provider, inHours(1)))
      .ignored('nothing-due'));

  it('is no deadline of a confirmed place', ({ expect }) => {
    expect(deadline(...house, held('mine', ['a']))).toEqual({ kind: 'hold', due: inHours(2) });
    expect(deadline(...house, confirmed('mine', ['a']))).toBeUndefined();
  });
});
