import { allPacks, storeCountryPack } from '@opennrm/country/stored-packs';
import { createLog, type Lifecycle } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { manualClock, type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

const clock = manualClock(instant(Date.UTC(2026, 0, 5)));
/** Stores the pack of a country, as a process does when it starts. */
const startWith = (country: string) => {
  const lifecycle = { log: createLog('spec', 'silent') } as Pick<Lifecycle, 'log'> as Lifecycle;
  return storeCountryPack(
    { database: test.database, clock, lifecycle },
    `infra/countries/${country}`,
  );
};

it('each pack that a service was started with is stored once, and read again by its id', async () => {
  const { current: sample } = await startWith('sample');
  await startWith('albion');
  await startWith('sample');
  const packs = await startWith('albion');
  expect(packs.current.id).toMatch(/^xa-/);
  expect((await allPacks(test.database, packs)).map(({ id }) => id)).toEqual([
    sample.id,
    packs.current.id,
  ]);
  const { needs, identification } = await packs.byId(test.database, sample.id);
  expect({ needs, identification }).toEqual({
    needs: sample.needs,
    identification: sample.identification,
  });
});

it('a pack that was never loaded here is refused, because nothing can have begun under it', async () => {
  const packs = await startWith('albion');
  await expect(packs.byId(test.database, 'xs-2020.1-0badcafe')).rejects.toThrow(
    'was never loaded into this database',
  );
});
