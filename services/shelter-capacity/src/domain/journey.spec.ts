import { specification } from '@opennrm/testkit/pure';
import { expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { endEscort, nameEscort, readAddress } from './journey.ts';
import { evolve, holdOf, type Provider } from './provider.ts';
import { confirmed, held, hold, houseWith, inHours, noon, room } from './shelter.fixture.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const mine = hold('mine');
const promised = [...houseWith(room('one', ['a'])), confirmed('mine', ['a'])];
const escort = { escortId: 'escort', expectedAt: inHours(3), addressUntil: inHours(4) };
const named: ProviderEvent = { type: 'EscortNamed', holdId: mine, ...escort };
const reads =
  (person: string, at = inHours(3)) =>
  (provider: Provider) =>
    readAddress(provider, mine, { person, organisation: 'transport' }, at);

it('names the escort of a promised place only', () => {
  given(...promised)
    .when((provider) => nameEscort(provider, mine, escort))
    .then('EscortNamed');
  given(...houseWith(room('one', ['a'])), held('mine', ['a']))
    .when((provider) => nameEscort(provider, mine, escort))
    .ignored('not-confirmed');
});

it('tells the address to the named escort, and records each reading', () =>
  given(...promised, named)
    .when(reads('escort'))
    .then({ type: 'AddressRead', person: 'escort', organisation: 'transport', at: inHours(3) }));

it.each<[string, ProviderEvent[], string, number]>([
  ['an escort who is not the named one', [named], 'another', 3],
  ['anybody before an escort is named', [], 'escort', 3],
  ['the escort once the arranged time is over', [named], 'escort', 4],
  ['the escort after arrival', [named, { type: 'Arrived', holdId: mine, at: noon }], 'escort', 3],
  [
    'the escort of a journey that ended',
    [named, { type: 'EscortEnded', holdId: mine }],
    'escort',
    3,
  ],
  [
    'the escort before, when another is named',
    [named, { ...named, escortId: 'another' } as ProviderEvent],
    'escort',
    3,
  ],
  [
    'the escort of a place that was given back',
    [named, { type: 'HoldReleased', holdId: mine, code: 'asked' }],
    'escort',
    3,
  ],
])('has no address for %s', (_who, past, person, at) =>
  given(...promised, ...past)
    .when(reads(person, inHours(at)))
    .refused('not-found', 'hold_id'),
);

it('ends the reading when the journey ends, and the place stays promised', () => {
  const ended = given(...promised, named).when((provider) => endEscort(provider, mine));
  ended.then('EscortEnded');
  expect(holdOf(ended.state(), mine)).toMatchObject({ status: 'confirmed', escort: undefined });
  given(...promised)
    .when((provider) => endEscort(provider, mine))
    .ignored('no-escort');
});

it('does nothing for the escort of a place that is not known', () => {
  const house = houseWith(room('one', ['a']));
  given(...house)
    .when((provider) => endEscort(provider, mine))
    .ignored('no-escort');
  given(...house)
    .when((provider) => nameEscort(provider, mine, escort))
    .ignored('not-confirmed');
});
