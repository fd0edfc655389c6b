import { inRepository } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { readHsds } from './import.ts';
import { split } from './split.ts';

const organizations = await readHsds(inRepository('infra/countries/sample/directory.hsds.json'));
const halves = organizations.map(split);

it('reads an HSDS 3.1 export of 60 or more provider organisations', () => {
  expect(organizations.length).toBeGreaterThanOrEqual(60);
  const beds = halves.flatMap(({ sites, counts }) => [
    ...sites.flatMap((site) => site.rooms.map((room) => room.unitIds.length)),
    ...counts.map((one) => one.units),
  ]);
  expect(beds.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(450);
});

it('splits an export: criteria to one half, addresses to the other, and no address to the first', () => {
  const criteria = JSON.stringify(
    halves.map(({ organisation, services }) => ({ organisation, services })),
  );
  const sites = JSON.stringify(halves.map((one) => one.sites));
  expect(sites).toContain('Synthetic Lane');
  expect(criteria).not.toMatch(/Synthetic Lane|Testville|ring twice|X\d{4}/);
  expect(sites).not.toContain('specialisms');
});

it('makes the same ids of the same export, so that it can be read again', () => {
  expect(organizations.map(split)).toEqual(halves);
});

it('reads all three kinds of acceptance (by offer, direct, duty)', () => {
  const ways = halves.flatMap(({ services }) => services.map((one) => one.acceptance));
  expect([...new Set(ways)].sort()).toEqual(['by-offer', 'direct', 'duty']);
});

it('names the record and the rule of an export that it cannot read', async () => {
  await expect(readHsds(inRepository('infra/countries/sample/country.json'))).rejects.toThrow(
    /organizations/,
  );
});
