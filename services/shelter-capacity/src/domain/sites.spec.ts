import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { evolve, freeOf, type Provider } from './provider.ts';
import {
  confirmed,
  flat,
  flatWith,
  held,
  hold,
  house,
  houseWith,
  inHours,
  noon,
  room,
  serviceId,
  staying,
  unit,
  withoutSites,
} from './shelter.fixture.ts';
import type { Room, SiteId } from './site.ts';
import { addRooms, bringBack, declareCount, registerSite, reinstateService, suspendService, takeOut } from './sites.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const twoRooms = houseWith(room('one', ['a', 'b']), room('two', ['c']));

describe('a site', () => {
  const registers =
    (siteId: string, rooms: readonly Room[], unitKind = 'bed') =>
    (provider: Provider) =>
      registerSite(provider, { siteId: siteId as SiteId, serviceId, unitKind, rooms }, noon);

  it('is announced once with its free units, also when there are none', () => {
    given(...withoutSites)
      .when(registers('new', [room('x', ['x1', 'x2'])]))
      .then('SiteRegistered', { type: 'CapacityChanged', free: 2 });
    given(...withoutSites)
      .when(registers('new', []))
      .then('SiteRegistered', { type: 'CapacityChanged', free: 0 });
  });

  it('is registered once', () =>
    given(...twoRooms)
      .when(registers(house, []))
      .refused('already-exists', 'site_id'));

  it('has rooms and units of its own', () => {
    given(...twoRooms)
      .when(registers('new', [room('x', ['a'])]))
      .refused('unit-twice', 'rooms');
    given(...twoRooms)
      .when(registers('new', [room('one', ['x'])]))
      .refused('room-twice', 'rooms');
    given(...twoRooms)
      .when((provider) => addRooms(provider, house, [room('x', ['y', 'y'])], noon))
      .refused('unit-twice', 'rooms');
  });

  it('has the kind of unit of its service', () =>
    given(...twoRooms)
      .when(registers('new', [], 'seat'))
      .refused('other-unit-kind', 'unit_kind'));

  it('grows by rooms', () =>
    given(...twoRooms)
      .when((provider) => addRooms(provider, house, [room('three', ['d'])], noon))
      .then('RoomsAdded', { type: 'CapacityChanged', free: 4 }));

  it('is stated by rooms or by a count, never by both', () => {
    const counts = (siteId: SiteId) => (provider: Provider) =>
      declareCount(provider, { siteId, units: 3, occupiedByOthers: 0 }, noon);
    given(...twoRooms)
      .when(counts(house))
      .refused('has-rooms', 'site_id');
    given(...flatWith(3, 0))
      .when((provider) => addRooms(provider, flat, [room('x', ['y'])], noon))
      .refused('has-a-count', 'site_id');
    given(...twoRooms)
      .when(counts('elsewhere' as SiteId))
      .refused('not-found', 'site_id');
  });
});

describe('a declared count', () => {
  const declares = (units: number, occupiedByOthers: number) => (provider: Provider) =>
    declareCount(provider, { siteId: flat, units, occupiedByOthers }, inHours(1));
  const second = held('mine', [`${flat}/2`], { siteId: flat });

  it('gives what others and this platform do not have', () =>
    given(...flatWith(5, 2), second)
      .when(declares(6, 2))
      .then({ type: 'CountDeclared', at: inHours(1) }, { type: 'CapacityChanged', free: 3 }));

  it('cannot have more others than units', () =>
    given(...flatWith(5, 2))
      .when(declares(3, 4))
      .refused('more-than-units', 'occupied_by_others'));

  it('that shrinks under a hold still counts it: what is left is not promised twice', () => {
    const fifth = held('mine', [`${flat}/5`], { siteId: flat });
    const shrunk = given(...flatWith(5, 0), fifth).when(declares(2, 0));
    shrunk.then('CountDeclared', { type: 'CapacityChanged', free: 1 });
  });

  it('smaller than what is in use is no free unit, never a negative number', () => {
    const three = held(
      'mine',
      [1, 2, 3].map((nth) => `${flat}/${nth}`),
      { siteId: flat },
    );
    expect(
      freeOf(
        given(...flatWith(5, 0), three)
          .when(declares(2, 1))
          .state(),
        serviceId,
      ),
    ).toBe(0);
  });

  it('of the same numbers is newer, and says nothing new of what is free', () =>
    given(...flatWith(5, 2))
      .when(declares(5, 2))
      .then('CountDeclared'));
});

describe('a unit out of service', () => {
  const out = (unitId: string) => (provider: Provider) => takeOut(provider, unit(unitId), 'repair', noon);

  it('is free for nobody until it is brought back', () => {
    given(...twoRooms)
      .when(out('a'))
      .then('UnitTakenOut', { type: 'CapacityChanged', free: 2 });
    given(...twoRooms, { type: 'UnitTakenOut', siteId: house, unitId: unit('a'), code: 'repair' })
      .when((provider) => bringBack(provider, unit('a'), noon))
      .then('UnitBroughtBack', { type: 'CapacityChanged', free: 3 });
  });

  it.each([
    ['held', held('mine', ['a'])],
    ['promised', confirmed('mine', ['a'])],
  ])('moves a %s place to another that is sufficient, in the same room if it can', (_how, past) =>
    given(...twoRooms, past)
      .when(out('a'))
      .then('UnitTakenOut', { type: 'HoldMoved', unitIds: [unit('b')] }, { type: 'CapacityChanged', free: 1 }),
  );

  it('never moves a place into a room of another group', () => {
    const rooms = houseWith(room('one', ['a'], { groups: ['women'] }), room('two', ['b'], { groups: ['men'] }));
    given(...rooms, held('mine', ['a'], { terms: { group: 'women' } }))
      .when(out('a'))
      .then('UnitTakenOut', { type: 'HoldReleased', code: 'unit-lost' });
  });

  it('loses a promise by name where nothing else is sufficient, for the whole party', () => {
    const lost = given(...twoRooms, confirmed('mine', ['a', 'b', 'c'])).when(out('a'));
    lost.then('UnitTakenOut', { type: 'BedNotAvailable', cause: 'unit-lost' }, { type: 'CapacityChanged', free: 2 });
  });

  it('is not taken from under somebody who lives there', () =>
    given(...twoRooms, ...staying('mine', ['a']))
      .when(out('a'))
      .refused('unit-occupied', 'unit_id'));

  it('of nobody here is unknown; what is already so is not done again', () => {
    given(...twoRooms)
      .when(out('elsewhere'))
      .refused('not-found', 'unit_id');
    given(...twoRooms)
      .when((provider) => bringBack(provider, unit('a'), noon))
      .ignored('already-in-service');
  });
});

describe('a service that is suspended', () => {
  const suspends = (provider: Provider) => suspendService(provider, serviceId, noon);

  it('gives back what is only held; what is promised or lived in stands', () => {
    const suspended = given(
      ...twoRooms,
      held('mine', ['a']),
      confirmed('other', ['b']),
      ...staying('third', ['c']),
    ).when(suspends);
    suspended.then('ServiceSuspended', { type: 'HoldReleased', holdId: hold('mine'), code: 'service-suspended' });
    expect(suspended.state().holds.map((one) => one.holdId)).toEqual(['other', 'third']);
  });

  it('has nothing free until it is accredited again', () => {
    given(...twoRooms)
      .when(suspends)
      .then('ServiceSuspended', { type: 'CapacityChanged', free: 0 });
    given(...twoRooms, { type: 'ServiceSuspended', serviceId })
      .when((provider) => reinstateService(provider, serviceId, noon))
      .then('ServiceReinstated', { type: 'CapacityChanged', free: 3 });
  });

  it('is suspended once', () => {
    given(...twoRooms, { type: 'ServiceSuspended', serviceId })
      .when(suspends)
      .ignored('already-suspended');
    given(...twoRooms)
      .when((provider) => reinstateService(provider, serviceId, noon))
      .ignored('not-suspended');
  });
});
