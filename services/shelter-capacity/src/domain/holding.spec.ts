import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import {
  addApart,
  confirmHold,
  refuseUnknown,
  refuseUnknownConfirmation,
  releaseHold,
  requestHold,
  resizeHold,
} from './holding.ts';
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
  serviceId,
  staying,
  terms,
  unit,
} from './shelter.fixture.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const house = houseWith(room('one', ['a', 'b']), room('two', ['c']));
const mine = hold('mine');

const asks =
  (more = {}) =>
  (provider: Provider) =>
    requestHold(provider, mine, terms(more), inHours(2), noon);
const confirms =
  (more = {}) =>
  (provider: Provider) =>
    confirmHold(provider, mine, terms(more), noon);
const apart = { apartIds: ['pair'] };

describe('a hold', () => {
  it('keeps units until its own expiry, and says how many are free then', () =>
    given(...house)
      .when(asks())
      .then(
        { type: 'BedHeld', unitIds: [unit('c')], until: inHours(2) },
        { type: 'CapacityChanged', free: 2, causedBy: mine },
      ));

  it('that is asked for again while it lives changes nothing', () =>
    given(...house, held('mine', ['c']))
      .when(asks())
      .ignored('already-held'));

  it('of a party is of all or of none', () =>
    given(...house, held('other', ['a']))
      .when(asks({ places: 3 }))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it('is refused for another kind of unit', () =>
    given(...house)
      .when(asks({ unitKind: 'seat' }))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it('is refused for a service that is not the provider’s own', () =>
    given(...house)
      .when(asks({ serviceId: 'foreign' }))
      .then({ type: 'HoldRefused', cause: 'unknown-service' }));

  it('is refused while the service is suspended', () =>
    given(...house, { type: 'ServiceSuspended', serviceId })
      .when(asks())
      .then({ type: 'HoldRefused', cause: 'suspended' }));

  it.each([
    ['held', [held('other', ['a'], { terms: apart })]],
    ['promised', [confirmed('other', ['a'], { terms: apart })]],
    ['lived in', staying('other', ['a'], { terms: apart })],
  ])('is refused where somebody to be kept apart from has a bed %s', (_how, past) =>
    given(...house, ...past)
      .when(asks(apart))
      .then({ type: 'HoldRefused', cause: 'keep-apart' }),
  );

  it('is given to a person whom only other pairs concern', () =>
    given(...house, held('other', ['a'], { terms: apart }))
      .when(asks({ apartIds: ['another-pair'] }))
      .then('BedHeld', 'CapacityChanged'));

  it('of a service that nobody registered is refused like any other', () => {
    given(...house)
      .when(() => refuseUnknown(mine))
      .then('HoldRefused');
    given(...house)
      .when(() => refuseUnknownConfirmation(mine))
      .then('BedNotAvailable');
  });
});

describe('a release', () => {
  const releases = (provider: Provider) => releaseHold(provider, mine, 'asked', noon);

  it('gives the units of a hold back, and names it as the cause of the free ones', () =>
    given(...house, held('mine', ['a', 'b']))
      .when(releases)
      .then('HoldReleased', { type: 'CapacityChanged', free: 3, causedBy: mine }));

  it('ends a promise before arrival', () =>
    given(...house, confirmed('mine', ['a']))
      .when(releases)
      .then('HoldReleased', 'CapacityChanged'));

  it('never ends a stay', () =>
    given(...house, ...staying('mine', ['a']))
      .when(releases)
      .ignored('already-arrived'));

  it('of a hold that is not there changes nothing', () =>
    given(...house)
      .when(releases)
      .ignored('no-such-hold'));
});

describe('a confirmation', () => {
  it('promises the units of the live hold', () =>
    given(...house, held('mine', ['a']))
      .when(confirms())
      .then({ type: 'BedConfirmed', unitIds: [unit('a')] }));

  it('of a hold that has ended holds anew and promises in one step', () =>
    given(...house, held('mine', ['c']), { type: 'HoldReleased', holdId: mine, code: 'expired' })
      .when(confirms({ places: 2 }))
      .then(
        { type: 'BedConfirmed', unitIds: [unit('a'), unit('b')] },
        { type: 'CapacityChanged', free: 1 },
      ));

  it('of a hold that has ended is refused when the last bed has gone', () =>
    given(...house, held('other', ['a', 'b', 'c']))
      .when(confirms())
      .then({ type: 'BedNotAvailable', cause: 'no-free-unit' }));

  it('of a hold that has ended looks at keep-apart again', () =>
    given(...house, held('other', ['a'], { terms: apart }))
      .when(confirms(apart))
      .then({ type: 'BedNotAvailable', cause: 'keep-apart' }));

  it('that is repeated changes nothing', () => {
    given(...house, confirmed('mine', ['a']))
      .when(confirms())
      .ignored('already-confirmed');
    given(...house, ...staying('mine', ['a']))
      .when(confirms())
      .ignored('already-confirmed');
  });
});

describe('a party that grows smaller', () => {
  const resizes = (places: number) => (provider: Provider) =>
    resizeHold(provider, mine, places, noon);

  it.each([
    ['held', held('mine', ['a', 'b'])],
    ['promised', confirmed('mine', ['a', 'b'])],
  ])('frees a unit of a %s place and keeps the others', (_how, past) =>
    given(...house, past)
      .when(resizes(1))
      .then({ type: 'HoldResized', unitIds: [unit('a')] }, { type: 'CapacityChanged', free: 2 }),
  );

  it('needs as many places as it has units then', () => {
    const resized = given(...house, held('mine', ['a', 'b'])).when(resizes(1));
    expect(resized.state().holds[0]?.terms.places).toBe(1);
  });

  it('takes no bed from anybody who has arrived', () =>
    given(...house, ...staying('mine', ['a', 'b']))
      .when(resizes(1))
      .ignored('already-arrived'));

  it.each([0, 2, 3])('does not become %i places from two', (places) =>
    given(...house, held('mine', ['a', 'b']))
      .when(resizes(places))
      .ignored('not-smaller'),
  );
});

describe('a pair made after the holds', () => {
  const pairs = (provider: Provider) => addApart(provider, mine, 'pair', noon);

  it('is remembered, and refuses nobody who is here', () => {
    const paired = given(...house, held('mine', ['a'])).when(pairs);
    paired.then('ApartAdded');
    expect(paired.state().holds[0]?.terms.apartIds).toEqual(['pair']);
  });

  it('that already overlaps is told on both holds, and both stay', () => {
    const told = given(
      ...house,
      held('mine', ['a']),
      ...staying('other', ['b'], { terms: apart }),
    ).when(pairs);
    told.then(
      'ApartAdded',
      { type: 'ApartOverlapFound', holdId: mine },
      { type: 'ApartOverlapFound', holdId: hold('other') },
    );
    expect(told.state().holds).toHaveLength(2);
  });

  it('is told on no hold that is not of the pair', () =>
    given(
      ...house,
      held('mine', ['a']),
      held('other', ['b'], { terms: apart }),
      held('third', ['c']),
    )
      .when(pairs)
      .then(
        'ApartAdded',
        { type: 'ApartOverlapFound', holdId: mine },
        { type: 'ApartOverlapFound', holdId: hold('other') },
      ));

  it('of a hold that is not there changes nothing', () =>
    given(...house)
      .when(pairs)
      .ignored('no-such-hold'));

  it('is told once', () =>
    given(...house, held('mine', ['a'], { terms: apart }))
      .when(pairs)
      .ignored('already-kept-apart'));
});

describe('a confirmation for other terms than those of the hold, since the need was amended', () => {
  const mixed = houseWith(
    room('men', ['a'], { groups: ['men'] }),
    room('women', ['b'], { groups: ['women'] }),
    room('step-free', ['c'], { groups: ['women'], attributes: ['step-free'] }),
  );
  const heldForMen = held('mine', ['a'], { terms: { group: 'men' } });

  it('promises a unit that is sufficient now, and gives back the one that is not', () =>
    given(...mixed, heldForMen)
      .when(confirms())
      .then({ type: 'BedConfirmed', unitIds: [unit('b')], terms: terms() }));

  it('promises nothing where no unit is sufficient now', () =>
    given(...mixed, heldForMen, confirmed('other', ['b']), confirmed('another', ['c']))
      .when(confirms())
      .then(
        { type: 'BedNotAvailable', cause: 'no-free-unit' },
        { type: 'CapacityChanged', free: 1 },
      ));

  it('promises the unit that is held where that is sufficient, for what is needed now', () =>
    given(...mixed, held('mine', ['c']))
      .when(confirms({ attributes: ['step-free'] }))
      .then({
        type: 'BedConfirmed',
        unitIds: [unit('c')],
        terms: terms({ attributes: ['step-free'] }),
      }));

  it('promises other units to a party where only one of those that are held is sufficient', () =>
    given(...mixed, held('mine', ['a', 'b']))
      .when(confirms({ places: 2 }))
      .then({ type: 'BedConfirmed', unitIds: [unit('b'), unit('c')] }));

  it('promises a number beyond a count that shrank, and none that lacks an attribute', () => {
    const shrunk: ProviderEvent = {
      type: 'CountDeclared',
      siteId: flat,
      units: 1,
      occupiedByOthers: 0,
      at: noon,
    };
    const second = given(...flatWith(2, 0), held('mine', [`${flat}/2`], { siteId: flat }), shrunk);
    second.when(confirms()).then({ type: 'BedConfirmed', unitIds: [unit(`${flat}/2`)] });
    second
      .when(confirms({ attributes: ['step-free'] }))
      .then(
        { type: 'BedNotAvailable', cause: 'no-free-unit' },
        { type: 'CapacityChanged', free: 1 },
      );
  });

  it('does not take the hold itself for somebody to be kept apart from', () =>
    given(...mixed, held('mine', ['a'], { terms: { group: 'men', ...apart } }))
      .when(confirms(apart))
      .then({ type: 'BedConfirmed', unitIds: [unit('b')] }));
});
