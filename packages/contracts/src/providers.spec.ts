import { describe, expect, it } from 'vitest';
import { DIRECTORY, deliveriesOf, providerOf, providerServices } from './providers.ts';
import { providerTopicsOf, topics } from './topics.ts';

const all = Object.values(topics);

describe('the list of provider services', () => {
  it('names each service that has a topic to and from referral, except the case vault, and the directory', () => {
    const asked = all.filter(({ owner }) => owner === 'referral').map(({ audience }) => audience);
    const answering = all
      .filter(({ audience }) => audience === 'referral')
      .map(({ owner }) => owner);
    const both = asked.filter((name) => answering.includes(name) && name !== 'case-vault');
    expect([...providerServices]).toEqual(both.concat('directory'));
  });

  it('names the directory, which has no topic, because it is asked inside referral', () =>
    expect(all.flatMap(({ owner, audience }) => [owner, audience])).not.toContain('directory'));

  it('has both topics of each provider service, and fails for any other name', () => {
    for (const name of providerServices.filter((one) => one !== DIRECTORY))
      expect(providerTopicsOf(name)).toMatchObject({
        toProvider: { owner: 'referral', audience: name },
        fromProvider: { owner: name, audience: 'referral' },
      });
    for (const name of [DIRECTORY, 'constructor', ''])
      expect(() => providerTopicsOf(name)).toThrow('no provider service');
  });

  it('has no provider and no kind of unit by the name of a property that every object has', () => {
    const directory = providerOf('directory');
    expect(providerOf('constructor')).toBeUndefined();
    expect(directory && deliveriesOf(directory, 'constructor')).toBeUndefined();
  });
});

it.each([
  ['shelter-capacity', 'bed', ['journey']],
  ['directory', 'place', ['appointment']],
  ['directory', 'appointment', ['appointment']],
  ['directory', 'caseload-slot', ['assignment']],
  ['directory', 'bed', undefined],
])('the deliveries of %s for the kind of unit %s are %j', (service, unitKind, expected) => {
  const provider = providerOf(service);
  expect(provider).toBeDefined();
  expect(provider && deliveriesOf(provider, unitKind)).toEqual(expected);
});
