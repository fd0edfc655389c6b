import { afterAll, beforeAll, expect, it } from 'vitest';
import { aHold, holdRequested, shelterDatabase } from './shelter-database.fixture.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase(8);
});
afterAll(() => shelter.drop());

const ROUNDS = 40;

it(`two slices that ask the same providers in opposite orders never deadlock, ${ROUNDS} times`, async () => {
  const [one, other] = [await shelter.house(4 * ROUNDS), await shelter.house(4 * ROUNDS)];
  const asking = (...houses: { readonly serviceId: string }[]) =>
    houses.map(({ serviceId }) => holdRequested(aHold(), serviceId as typeof one.serviceId));
  for (let round = 0; round < ROUNDS; round++) {
    const slices = [asking(one, other), asking(other, one), asking(one, other), asking(other, one)];
    // A deadlock would reject one of them.
    await Promise.all(slices.map((slice) => shelter.receivesSlice(slice)));
  }
  const { rows } = await shelter.database.query('SELECT count(*)::int AS taken FROM occupancy');
  expect(rows).toEqual([{ taken: 8 * ROUNDS }]);
});
