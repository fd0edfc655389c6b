import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { evolve, type Provider } from './provider.ts';
import {
  confirmed,
  flat,
  held,
  hold,
  houseWith,
  noon,
  room,
  serviceId,
  staying,
  unit,
} from './shelter.fixture.ts';
import type { ServiceId, SiteId } from './site.ts';
import {
  addRooms,
  addService,
  declareCount,
  registerSite,
  reinstateService,
  suspendService,
  takeOutOfService,
} from './sites.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const twoRooms = houseWith(room('one', ['a', 'b']), room('two', ['c']));

describe('a service', () => {
  const foreign = 'foreign' as ServiceId;
  /** As in an older row: a site that this provider registered for a service of another organisation. */
  const annex = 'annex' as SiteId;
  const withForeign: ProviderEvent[] = [
    ...twoRooms,
    {
      type: 'SiteRegistered',
      siteId: annex,
      serviceId: foreign,
      unitKind: 'bed',
      rooms: [room('x', ['x1'])],
    },
    { type: 'SiteRegistered', siteId: flat, serviceId: foreign, unitKind: 'bed', rooms: [] },
  ];

  it("that the directory has not named as the provider's own gets no site", () =>
    given(...twoRooms)
      .when((provider) =>
        registerSite(
          provider,
          { siteId: flat, serviceId: foreign, unitKind: 'bed', rooms: [] },
          noon,
        ),
      )
      .refused('not-found', 'service_id'));

  it('of another organisation has no rooms, count or units here', () => {
    given(...withForeign)
      .when((provider) => addRooms(provider, annex, [room('y', ['y1'])], noon))
      .refused('not-found', 'site_id');
    given(...withForeign)
      .when((provider) =>
        declareCount(provider, { siteId: flat, units: 3, occupiedByOthers: 0 }, noon),
      )
      .refused('not-found', 'site_id');
    given(...withForeign)
      .when((provider) => takeOutOfService(provider, unit('x1'), 'repair', noon))
      .refused('not-found', 'unit_id');
  });

  it("that the directory names as the provider's own counts its earlier sites from then on", () =>
    given(...withForeign)
      .when((provider) => addService(provider, foreign, noon))
      .then('ServiceRegistered', { type: 'CapacityChanged', serviceId: foreign, free: 1 }));

  it('that the directory names again changes nothing', () =>
    given(...twoRooms)
      .when((provider) => addService(provider, serviceId, noon))
      .ignored('already-registered'));

  it('that is suspended does not affect the holds of another service', () => {
    const other = 'other' as ServiceId;
    const both: ProviderEvent[] = [
      ...twoRooms,
      { type: 'ServiceRegistered', serviceId: other },
      {
        type: 'SiteRegistered',
        siteId: annex,
        serviceId: other,
        unitKind: 'bed',
        rooms: [room('x', ['x1'])],
      },
      held('other', ['x1'], { siteId: annex, terms: { serviceId: other } }),
    ];
    given(...both, held('mine', ['a']))
      .when((provider) => suspendService(provider, serviceId, noon))
      .then(
        'ServiceSuspended',
        { type: 'HoldReleased', holdId: hold('mine') },
        { type: 'CapacityChanged', serviceId, free: 0 },
      );
  });
});

describe('a service that is suspended', () => {
  const suspends = (provider: Provider) => suspendService(provider, serviceId, noon);

  it('loses its holds, and keeps confirmed places and stays', () => {
    const suspended = given(
      ...twoRooms,
      held('mine', ['a']),
      confirmed('other', ['b']),
      ...staying('third', ['c']),
    ).when(suspends);
    suspended.then('ServiceSuspended', {
      type: 'HoldReleased',
      holdId: hold('mine'),
      code: 'service-suspended',
    });
    expect(suspended.state().holds.map((one) => one.holdId)).toEqual(['other', 'third']);
  });

  it('has no free units until it is accredited again', () => {
    given(...twoRooms)
      .when(suspends)
      .then('ServiceSuspended', { type: 'CapacityChanged', free: 0 });
    given(...twoRooms, { type: 'ServiceSuspended', serviceId })
      .when((provider) => reinstateService(provider, serviceId, noon))
      .then('ServiceReinstated', { type: 'CapacityChanged', free: 3 });
  });

  it('is reinstated without other suspended services', () => {
    const other = 'other' as ServiceId;
    const suspended: ProviderEvent[] = [serviceId, other].map((one) => ({
      type: 'ServiceSuspended',
      serviceId: one,
    }));
    const provider = given(...twoRooms, ...suspended)
      .when((before) => reinstateService(before, serviceId, noon))
      .state();
    expect(provider.suspended).toEqual([other]);
  });

  it('is suspended only once', () => {
    given(...twoRooms, { type: 'ServiceSuspended', serviceId })
      .when(suspends)
      .ignored('already-suspended');
    given(...twoRooms)
      .when((provider) => reinstateService(provider, serviceId, noon))
      .ignored('not-suspended');
  });
});
