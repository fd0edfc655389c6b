import { afterAll, beforeAll, expect, it } from 'vitest';
import { aHold, holdRequested, shelterDatabase } from './shelter-database.fixture.ts';

let shelter: Awaited<ReturnType<typeof shelterDatabase>>;
beforeAll(async () => {
  shelter = await shelterDatabase(8);
});
afterAll(() => shelter.drop());

const ROUNDS = 40;

it(`never makes two slices wait for one another, though they ask the same providers in opposite orders, ${ROUNDS} times`, async () => {
  const [one, other] = [await shelter.house(4 * ROUNDS), await shelter.house(4 * ROUNDS)];
  const asking = (...houses: { readonly serviceId: string }[]) =>
    houses.map(({ serviceId }) => holdRequested(aHold(), serviceId as typeof one.serviceId));
  for (let round = 0; round < ROUNDS; round++) {
    const slices = [asking(one, other), asking(other, one), asking(one, other), asking(other, one)];
    // a deadlock would reject one of them
    await Promise.all(slices.map((slice) => shelter.hearsSlice(slice)));
  }
  const { rows } = await shelter.database.query('SELECT count(*)::int AS taken FROM occupancy');
  expect(rows).toEqual([{ taken: 8 * ROUNDS }]);
});
