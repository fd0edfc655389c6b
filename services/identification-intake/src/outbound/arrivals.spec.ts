import { randomUUID } from 'node:crypto';
import { instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { referArrival, registerArrival } from './arrivals.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

it('an arrival is referred once: again to the same case, but to no other case and by no other organisation', async () => {
  const arrival = { tokenId: randomUUID(), ownerOrg: randomUUID() };
  const [caseReference, otherCase] = [randomUUID(), randomUUID()];
  const keepUntil = instant(1_000);
  const refers = (to: string, by = arrival.ownerOrg) =>
    test.database.transaction((tx) =>
      referArrival(tx, { tokenId: arrival.tokenId, ownerOrg: by }, to, keepUntil),
    );
  expect(await refers(caseReference)).toBe(false);
  await test.database.transaction((tx) =>
    registerArrival(tx, {
      tokenId: arrival.tokenId,
      ownerOrg: arrival.ownerOrg,
      helpNeeded: 1,
      age: 'adult',
      accompaniedBy: 'nobody',
      groupId: undefined,
      at: instant(1),
      keepUntil,
    }),
  );
  expect(await refers(caseReference, randomUUID())).toBe(false);
  expect(await refers(caseReference)).toBe(true);
  expect(await refers(caseReference)).toBe(true);
  expect(await refers(otherCase)).toBe(false);
});
