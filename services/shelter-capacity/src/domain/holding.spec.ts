import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import {
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
  it('keeps units until its own expiry, and announces how many are free then', () =>
    given(...house)
      .when(asks())
      .then(
        { type: 'UnitsHeld', unitIds: [unit('c')], until: inHours(2) },
        { type: 'CapacityChanged', free: 2, causedBy: mine },
      ));

  it('that is requested again while it is live changes nothing', () =>
    given(...house, held('mine', ['c']))
      .when(asks())
      .ignored('already-held'));

  it('is given to the whole party or not at all', () =>
    given(...house, held('other', ['a']))
      .when(asks({ places: 3 }))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it('is refused for another kind of unit', () =>
    given(...house)
      .when(asks({ unitKind: 'seat' }))
      .then({ type: 'HoldRefused', cause: 'no-free-unit' }));

  it("is refused for a service that is not the provider's own", () =>
    given(...house)
      .when(asks({ serviceId: 'foreign' }))
      .then({ type: 'HoldRefused', cause: 'unknown-service' }));

  it('is refused while the service is suspended', () =>
    given(...house, { type: 'ServiceSuspended', serviceId })
      .when(asks())
      .then({ type: 'HoldRefused', cause: 'suspended' }));

  it.each([
    ['held', [held('other', ['a'], { terms: apart })]],
    ['confirmed', [confirmed('other', ['a'], { terms: apart })]],
    ['occupied', staying('other', ['a'], { terms: apart })],
  ])('is refused where a person to be kept apart has a bed that is %s', (_how, past) =>
    given(...house, ...past)
      .when(asks(apart))
      .then({ type: 'HoldRefused', cause: 'keep-apart' }),
  );

  it('is given to a person of other keep-apart pairs', () =>
    given(...house, held('other', ['a'], { terms: apart }))
      .when(asks({ apartIds: ['another-pair'] }))
      .then('UnitsHeld', 'CapacityChanged'));

  it('for a service that is not known is refused like any other', () => {
    given(...house)
      .when(() => refuseUnknown(mine))
      .then('HoldRefused');
    given(...house)
      .when(() => refuseUnknownConfirmation(mine))
      .then('UnitsUnavailable');
  });
});

describe('the release of a hold', () => {
  const releases = (provider: Provider) => releaseHold(provider, mine, 'asked', noon);

  it('frees its units, and names it as the cause', () =>
    given(...house, held('mine', ['a', 'b']))
      .when(releases)
      .then('HoldReleased', { type: 'CapacityChanged', free: 3, causedBy: mine }));

  it('ends a confirmed place before the arrival', () =>
    given(...house, confirmed('mine', ['a']))
      .when(releases)
      .then('HoldReleased', 'CapacityChanged'));

  it('never ends a stay', () =>
    given(...house, ...staying('mine', ['a']))
      .when(releases)
      .ignored('already-arrived'));

  it('that does not exist changes nothing', () =>
    given(...house)
      .when(releases)
      .ignored('no-such-hold'));
});

describe('a confirmation', () => {
  it("of another service than the hold's gives no unit of the hold's service", () =>
    given(...house, held('mine', ['a']))
      .when(confirms({ serviceId: 'foreign' }))
      .then({ type: 'UnitsUnavailable', cause: 'unknown-service' }, 'CapacityChanged'));

  it('confirms the units of the live hold', () =>
    given(...house, held('mine', ['a']))
      .when(confirms())
      .then({ type: 'UnitsConfirmed', unitIds: [unit('a')] }));

  it('of a hold that has ended makes a new hold and confirms it in one step', () =>
    given(...house, held('mine', ['c']), { type: 'HoldReleased', holdId: mine, code: 'expired' })
      .when(confirms({ places: 2 }))
      .then(
        { type: 'UnitsConfirmed', unitIds: [unit('a'), unit('b')] },
        { type: 'CapacityChanged', free: 1 },
      ));

  it('of a hold that has ended is refused when no bed is free', () =>
    given(...house, held('other', ['a', 'b', 'c']))
      .when(confirms())
      .then({ type: 'UnitsUnavailable', cause: 'no-free-unit' }));

  it('of a hold that has ended checks keep-apart again', () =>
    given(...house, held('other', ['a'], { terms: apart }))
      .when(confirms(apart))
      .then({ type: 'UnitsUnavailable', cause: 'keep-apart' }));

  it('that is repeated changes nothing', () => {
    given(...house, confirmed('mine', ['a']))
      .when(confirms())
      .ignored('already-confirmed');
    given(...house, ...staying('mine', ['a']))
      .when(confirms())
      .ignored('already-confirmed');
  });
});

describe('a party that becomes smaller', () => {
  const resizes = (places: number) => (provider: Provider) =>
    resizeHold(provider, mine, places, noon);

  it.each([
    ['held', held('mine', ['a', 'b'])],
    ['confirmed', confirmed('mine', ['a', 'b'])],
  ])('frees a unit of a %s place and keeps the others', (_how, past) =>
    given(...house, past)
      .when(resizes(1))
      .then({ type: 'HoldResized', unitIds: [unit('a')] }, { type: 'CapacityChanged', free: 2 }),
  );

  it('then needs as many places as it has units', () => {
    const resized = given(...house, held('mine', ['a', 'b'])).when(resizes(1));
    expect(resized.state().holds[0]?.terms.places).toBe(1);
  });

  it('keeps every bed after its arrival', () =>
    given(...house, ...staying('mine', ['a', 'b']))
      .when(resizes(1))
      .ignored('already-arrived'));

  it.each([0, 2, 3])('is not changed from two places to %i', (places) =>
    given(...house, held('mine', ['a', 'b']))
      .when(resizes(places))
      .ignored('not-smaller'),
  );
});

describe('a confirmation after the need was amended', () => {
  const mixed = houseWith(
    room('men', ['a'], { groups: ['men'] }),
    room('women', ['b'], { groups: ['women'] }),
    room('step-free', ['c'], { groups: ['women'], attributes: ['step-free'] }),
  );
  const heldForMen = held('mine', ['a'], { terms: { group: 'men' } });

  it('confirms a unit that suffices now, and releases the one that does not', () =>
    given(...mixed, heldForMen)
      .when(confirms())
      .then({ type: 'UnitsConfirmed', unitIds: [unit('b')], terms: terms() }));

  it('is refused where no unit suffices now', () =>
    given(...mixed, heldForMen, confirmed('other', ['b']), confirmed('another', ['c']))
      .when(confirms())
      .then(
        { type: 'UnitsUnavailable', cause: 'no-free-unit' },
        { type: 'CapacityChanged', free: 1 },
      ));

  it('confirms the held unit with the new terms where it suffices', () =>
    given(...mixed, held('mine', ['c']))
      .when(confirms({ attributes: ['step-free'] }))
      .then({
        type: 'UnitsConfirmed',
        unitIds: [unit('c')],
        terms: terms({ attributes: ['step-free'] }),
      }));

  it('confirms other units for a party where only one of the held units suffices', () =>
    given(...mixed, held('mine', ['a', 'b']))
      .when(confirms({ places: 2 }))
      .then({ type: 'UnitsConfirmed', unitIds: [unit('b'), unit('c')] }));

  it('confirms a number above a count that became smaller, and no unit without a needed attribute', () => {
    const shrunk: ProviderEvent = {
      type: 'CountDeclared',
      siteId: flat,
      units: 1,
      occupiedByOthers: 0,
      at: noon,
    };
    const second = given(...flatWith(2, 0), held('mine', [`${flat}/2`], { siteId: flat }), shrunk);
    second.when(confirms()).then({ type: 'UnitsConfirmed', unitIds: [unit(`${flat}/2`)] });
    second
      .when(confirms({ attributes: ['step-free'] }))
      .then(
        { type: 'UnitsUnavailable', cause: 'no-free-unit' },
        { type: 'CapacityChanged', free: 1 },
      );
  });

  it('does not compare the hold with itself for keep-apart', () =>
    given(...mixed, held('mine', ['a'], { terms: { group: 'men', ...apart } }))
      .when(confirms(apart))
      .then({ type: 'UnitsConfirmed', unitIds: [unit('b')] }));
});
