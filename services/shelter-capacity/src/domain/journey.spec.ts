import { specification } from '@opennrm/testkit/pure';
import { expect, it } from 'vitest';
import type { ProviderEvent } from './events.ts';
import { endEscort, nameEscort, readAddress } from './journey.ts';
import { evolve, holdOf, type Provider } from './provider.ts';
import { confirmed, held, hold, houseWith, inHours, noon, room } from './shelter.fixture.ts';

const { given } = specification<Provider, ProviderEvent>(evolve);
const mine = hold('mine');
const confirmedPlace = [...houseWith(room('one', ['a'])), confirmed('mine', ['a'])];
const escort = { escortId: 'escort', expectedAt: inHours(3), addressUntil: inHours(4) };
const named: ProviderEvent = { type: 'EscortNamed', holdId: mine, ...escort };
const reads =
  (person: string, at = inHours(3)) =>
  (provider: Provider) =>
    readAddress(provider, mine, { person, organisation: 'transport' }, at);

it('an escort can be named for a confirmed place only', () => {
  given(...confirmedPlace)
    .when((provider) => nameEscort(provider, mine, escort))
    .then('EscortNamed');
  given(...houseWith(room('one', ['a'])), held('mine', ['a']))
    .when((provider) => nameEscort(provider, mine, escort))
    .ignored('not-confirmed');
});

it('the named escort can read the address, and each read is recorded', () =>
  given(...confirmedPlace, named)
    .when(reads('escort'))
    .then({ type: 'AddressRead', person: 'escort', organisation: 'transport', at: inHours(3) }));

it.each<[string, ProviderEvent[], string, number]>([
  ['an escort who is not the named one', [named], 'another', 3],
  ['any person before an escort is named', [], 'escort', 3],
  ['the escort after the arranged time', [named], 'escort', 4],
  [
    'the escort after the arrival',
    [named, { type: 'Arrived', holdId: mine, at: noon }],
    'escort',
    3,
  ],
  [
    'the escort of a journey that ended',
    [named, { type: 'EscortEnded', holdId: mine }],
    'escort',
    3,
  ],
  [
    'the former escort after another is named',
    [named, { ...named, escortId: 'another' } as ProviderEvent],
    'escort',
    3,
  ],
  [
    'the escort of a place that was released',
    [named, { type: 'HoldReleased', holdId: mine, code: 'asked' }],
    'escort',
    3,
  ],
])('the address cannot be read by %s', (_who, past, person, at) =>
  given(...confirmedPlace, ...past)
    .when(reads(person, inHours(at)))
    .refused('not-found', 'hold_id'),
);

it('the end of the journey ends the access to the address, and the place stays confirmed', () => {
  const ended = given(...confirmedPlace, named).when((provider) => endEscort(provider, mine));
  ended.then('EscortEnded');
  expect(holdOf(ended.state(), mine)).toMatchObject({ status: 'confirmed', escort: undefined });
  given(...confirmedPlace)
    .when((provider) => endEscort(provider, mine))
    .ignored('no-escort');
});

it('an event about the escort of an unknown place is ignored', () => {
  const house = houseWith(room('one', ['a']));
  given(...house)
    .when((provider) => endEscort(provider, mine))
    .ignored('no-escort');
  given(...house)
    .when((provider) => nameEscort(provider, mine, escort))
    .ignored('not-confirmed');
});
