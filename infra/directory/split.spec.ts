import { inRepository } from '@opennrm/infra/local';
import { expect, it } from 'vitest';
import { readHsds } from './import.ts';
import { split } from './split.ts';

const organizations = await readHsds(inRepository('infra/countries/sample/directory.hsds.json'));
const halves = organizations.map(split);

it('readHsds reads an HSDS 3.1 export of 60 or more provider organisations', () => {
  expect(organizations.length).toBeGreaterThanOrEqual(60);
  const beds = halves.flatMap(({ sites, counts }) => [
    ...sites.flatMap((site) => site.rooms.map((room) => room.unitIds.length)),
    ...counts.map((one) => one.units),
  ]);
  expect(beds.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(450);
});

it('split puts criteria into one half and addresses into the other, and no address into the first', () => {
  const criteria = JSON.stringify(
    halves.map(({ organisation, services }) => ({ organisation, services })),
  );
  const sites = JSON.stringify(halves.map((one) => one.sites));
  expect(sites).toContain('Synthetic Lane');
  expect(criteria).not.toMatch(/Synthetic Lane|Testville|ring twice|X\d{4}/);
  expect(sites).not.toContain('specialisms');
});

it('split makes the same ids from the same export, so that it can be imported again', () => {
  expect(organizations.map(split)).toEqual(halves);
});

it('split reads all three kinds of acceptance (by offer, direct, duty)', () => {
  const kinds = halves.flatMap(({ services }) => services.map((one) => one.acceptance));
  expect([...new Set(kinds)].sort()).toEqual(['by-offer', 'direct', 'duty']);
});

it('readHsds refuses a file that is not an export, and names the wrong record', async () => {
  await expect(readHsds(inRepository('infra/countries/sample/country.json'))).rejects.toThrow(
    /organizations/,
  );
});
