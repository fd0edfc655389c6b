import { expect, it } from 'vitest';
import { providerServices } from './providers.ts';
import { topics } from './topics.ts';

it('the list of provider services names each service that has a topic to and from referral, except the case vault', () => {
  const all = Object.values(topics);
  const asked = all.filter(({ owner }) => owner === 'referral').map(({ audience }) => audience);
  const answering = all.filter(({ audience }) => audience === 'referral').map(({ owner }) => owner);
  const both = asked.filter((name) => answering.includes(name) && name !== 'case-vault');
  expect([...providerServices]).toEqual(both);
});
