import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { evolve, freeOf, type Provider } from './provider.ts';
import {
  confirmed,
  flat,
  flatWith,
  held,
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
import type { Room, ServiceId, SiteId } from './site.ts';
import {
  addRooms,
  declareCount,
  registerSite,
  returnToService,
  takeOutOfService,
} from './sites.ts';

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

  it('may not use the room and unit ids of another site', () => {
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

  it('may have another kind of unit than a site of another service of the same provider', () => {
    const other = 'other-service' as ServiceId;
    given(...twoRooms, { type: 'ServiceRegistered', serviceId: other })
      .when((provider) =>
        registerSite(
          provider,
          { siteId: flat, serviceId: other, unitKind: 'seat', rooms: [] },
          noon,
        ),
      )
      .then('SiteRegistered', { type: 'CapacityChanged', serviceId: other, free: 0 });
  });

  it('may bring a provider to 1,000 units, not to more', () => {
    const units = (count: number) => Array.from({ length: count }, (_, nth) => `new-${nth}`);
    given(...twoRooms)
      .when(registers('new', [room('x', units(997))]))
      .then('SiteRegistered', { type: 'CapacityChanged', free: 1_000 });
    given(...twoRooms)
      .when(registers('new', [room('x', units(998))]))
      .refused('too-many-units', 'rooms');
  });

  it('that is not known cannot have rooms added', () =>
    given(...twoRooms)
      .when((provider) => addRooms(provider, flat, [room('x', ['y'])], noon))
      .refused('not-found', 'site_id'));

  it('can have rooms added', () =>
    given(...twoRooms)
      .when((provider) => addRooms(provider, house, [room('three', ['d'])], noon))
      .then('RoomsAdded', { type: 'CapacityChanged', free: 4 }));

  it('keeps its count where a new one is declared with `unlessDeclared`', () => {
    const first = (provider: Provider) =>
      declareCount(provider, { siteId: flat, units: 9, occupiedByOthers: 1 }, noon, true);
    given(...flatWith(3, 2))
      .when(first)
      .refused('already-declared', 'site_id');
    given(...flatWith(3, 2).filter(({ type }) => type !== 'CountDeclared'))
      .when(first)
      .then('CountDeclared', { type: 'CapacityChanged', free: 8 });
  });

  it('has rooms added without a change to another site of the service', () =>
    given(...twoRooms, {
      type: 'SiteRegistered',
      siteId: flat,
      serviceId,
      unitKind: 'bed',
      rooms: [],
    })
      .when((provider) => addRooms(provider, house, [room('three', ['d'])], noon))
      .then('RoomsAdded', { type: 'CapacityChanged', free: 4 }));

  it('has rooms or a count, never both', () => {
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

it('an event of a provider before `ProviderBegan` throws an error that names the event', () =>
  expect(() => evolve(undefined, { type: 'ServiceSuspended', serviceId })).toThrow(
    'ServiceSuspended before ProviderBegan',
  ));

describe('a declared count', () => {
  const declares = (units: number, occupiedByOthers: number) => (provider: Provider) =>
    declareCount(provider, { siteId: flat, units, occupiedByOthers }, inHours(1));
  const second = held('mine', [`${flat}/2`], { siteId: flat });

  it('frees the units that neither others nor this platform use', () =>
    given(...flatWith(5, 2), second)
      .when(declares(6, 2))
      .then({ type: 'CountDeclared', at: inHours(1) }, { type: 'CapacityChanged', free: 3 }));

  it('cannot have more units occupied by others than units', () =>
    given(...flatWith(5, 2))
      .when(declares(3, 4))
      .refused('more-than-units', 'occupied_by_others'));

  it('can have all units occupied by others, and then none is free', () =>
    given(...flatWith(5, 2))
      .when(declares(3, 3))
      .then('CountDeclared', { type: 'CapacityChanged', free: 0 }));

  it('that becomes smaller still counts a hold with a number above it, so that no unit is given twice', () => {
    const fifth = held('mine', [`${flat}/5`], { siteId: flat });
    const shrunk = given(...flatWith(5, 0), fifth).when(declares(2, 0));
    shrunk.then('CountDeclared', { type: 'CapacityChanged', free: 1 });
  });

  it('smaller than the units in use leaves zero free, never a negative number', () => {
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

  it('with the same numbers is newer, and announces no change of free units', () =>
    given(...flatWith(5, 2))
      .when(declares(5, 2))
      .then('CountDeclared'));
});

describe('a unit out of service', () => {
  const out = (unitId: string) => (provider: Provider) =>
    takeOutOfService(provider, unit(unitId), 'repair', noon);

  it('is not free until it is returned to service', () => {
    given(...twoRooms)
      .when(out('a'))
      .then('UnitSetOutOfService', { type: 'CapacityChanged', free: 2 });
    given(...twoRooms, {
      type: 'UnitSetOutOfService',
      siteId: house,
      unitId: unit('a'),
      code: 'repair',
    })
      .when((provider) => returnToService(provider, unit('a'), noon))
      .then('UnitReturnedToService', { type: 'CapacityChanged', free: 3 });
  });

  it.each([
    ['held', held('mine', ['a'])],
    ['confirmed', confirmed('mine', ['a'])],
  ])('moves a %s place to another sufficient unit, in the same room if possible', (_how, past) =>
    given(...twoRooms, past)
      .when(out('a'))
      .then(
        'UnitSetOutOfService',
        { type: 'HoldMoved', unitIds: [unit('b')] },
        { type: 'CapacityChanged', free: 1 },
      ),
  );

  it('moves a unit of a party to a room where another member of the party is', () => {
    const rooms = houseWith(room('three', ['e']), room('one', ['a', 'b']), room('two', ['c', 'd']));
    given(...rooms, held('mine', ['b', 'c']))
      .when(out('b'))
      .then(
        'UnitSetOutOfService',
        { type: 'HoldMoved', unitIds: [unit('a'), unit('c')] },
        { type: 'CapacityChanged', free: 2 },
      );
  });

  it('moves a place to another room when its own room is full', () =>
    given(...twoRooms, held('mine', ['a']), held('other', ['b']))
      .when(out('a'))
      .then(
        'UnitSetOutOfService',
        { type: 'HoldMoved', unitIds: [unit('c')] },
        { type: 'CapacityChanged', free: 0 },
      ));

  it('is taken out of service only once', () =>
    given(...twoRooms, {
      type: 'UnitSetOutOfService',
      siteId: house,
      unitId: unit('a'),
      code: 'repair',
    })
      .when(out('a'))
      .ignored('already-out-of-service'));

  it('that is not known cannot be returned to service', () =>
    given(...twoRooms)
      .when((provider) => returnToService(provider, unit('elsewhere'), noon))
      .refused('not-found', 'unit_id'));

  it('never moves a place into a room of another group', () => {
    const rooms = houseWith(
      room('one', ['a'], { groups: ['women'] }),
      room('two', ['b'], { groups: ['men'] }),
    );
    given(...rooms, held('mine', ['a'], { terms: { group: 'women' } }))
      .when(out('a'))
      .then('UnitSetOutOfService', { type: 'HoldReleased', code: 'unit-lost' });
  });

  it('ends the confirmed place of a whole party with `UnitsUnavailable` where no other unit suffices', () => {
    const lost = given(...twoRooms, confirmed('mine', ['a', 'b', 'c'])).when(out('a'));
    lost.then(
      'UnitSetOutOfService',
      { type: 'UnitsUnavailable', cause: 'unit-lost' },
      { type: 'CapacityChanged', free: 2 },
    );
  });

  it('is refused while a person stays in it', () =>
    given(...twoRooms, ...staying('mine', ['a']))
      .when(out('a'))
      .refused('unit-occupied', 'unit_id'));

  it('that is not known is refused, and one that is in service is not returned again', () => {
    given(...twoRooms)
      .when(out('elsewhere'))
      .refused('not-found', 'unit_id');
    given(...twoRooms)
      .when((provider) => returnToService(provider, unit('a'), noon))
      .ignored('already-in-service');
  });
});
