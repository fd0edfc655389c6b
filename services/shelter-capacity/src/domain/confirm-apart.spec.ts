import type { Decision } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { addApart, confirmHold } from './holding.ts';
import { evolve, type Provider } from './provider.ts';
import { confirmed, held, hold, houseWith, noon, room, terms } from './shelter.fixture.ts';

const after = (provider: Provider, decision: Decision<ProviderEvent>): Provider =>
  decision.kind === 'accepted' ? decision.events.reduce<Provider>(evolve, provider) : provider;
const given = (...events: ProviderEvent[]): Provider =>
  events.reduce<Provider | undefined>(evolve as never, undefined) as Provider;

it('a bed is not confirmed for a person where one who must be kept apart from them has a bed', () => {
  let provider = given(
    ...houseWith(room('r', ['a', 'b'])),
    confirmed('first', ['a']),
    held('second', ['b']),
  );
  // The pair is recorded, and announced for both holds.
  provider = after(provider, addApart(provider, hold('first'), 'pair', noon));
  provider = after(provider, addApart(provider, hold('second'), 'pair', noon));
  // The provider of the second offer accepts before a coordinator has read the alert.
  const decision = confirmHold(provider, hold('second'), terms({ apartIds: ['pair'] }), noon);
  expect(decision.kind === 'accepted' ? decision.events.map(({ type }) => type) : []).not.toContain(
    'UnitsConfirmed',
  );
});
