import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { addApart, confirmHold } from './holding.ts';
import { evolve, type Provider } from './provider.ts';
import { confirmed, held, hold, houseWith, noon, room, staying, terms } from './shelter.fixture.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const house = houseWith(room('one', ['a', 'b']), room('two', ['c']));
const mine = hold('mine');
const apart = { apartIds: ['pair'] };

describe('a keep-apart pair that is recorded after the holds', () => {
  const pairs = (provider: Provider) => addApart(provider, mine, 'pair', noon);

  it('is stored, and does not end any hold', () => {
    const paired = given(...house, held('mine', ['a'])).when(pairs);
    paired.then('ApartAdded');
    expect(paired.state().holds[0]?.terms.apartIds).toEqual(['pair']);
  });

  it('that already overlaps is announced for both holds, and both stay', () => {
    const paired = given(
      ...house,
      held('mine', ['a']),
      ...staying('other', ['b'], { terms: apart }),
    ).when(pairs);
    paired.then(
      'ApartAdded',
      { type: 'ApartOverlapFound', holdId: mine },
      { type: 'ApartOverlapFound', holdId: hold('other') },
    );
    expect(paired.state().holds).toHaveLength(2);
  });

  it('is announced for no hold outside the pair', () =>
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

  it('for a hold that does not exist changes nothing', () =>
    given(...house)
      .when(pairs)
      .ignored('no-such-hold'));

  it('is applied once', () =>
    given(...house, held('mine', ['a'], { terms: apart }))
      .when(pairs)
      .ignored('already-kept-apart'));

  it('keeps the second of two from being confirmed: the provider may accept before a coordinator has read the alert', () =>
    given(
      ...house,
      confirmed('other', ['b'], { terms: apart }),
      held('mine', ['a'], { terms: apart }),
    )
      .when((provider) => confirmHold(provider, mine, terms(apart), noon))
      .then({ type: 'UnitsUnavailable', cause: 'keep-apart' }, 'CapacityChanged'));

  it('keeps none from being confirmed while the other is only held', () =>
    given(...house, held('other', ['b'], { terms: apart }), held('mine', ['a'], { terms: apart }))
      .when((provider) => confirmHold(provider, mine, terms(apart), noon))
      .then('UnitsConfirmed'));
});
