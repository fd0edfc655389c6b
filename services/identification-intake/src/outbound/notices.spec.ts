import { randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepNotice, listNotices, NOTICES_BEGIN } from './notices.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

const [one, other] = [randomUUID(), randomUUID()];
const kept = (ownerOrg: string, at: number, noticeId: string = randomUUID()) =>
  test.database.transaction((tx) =>
    keepNotice(tx, {
      noticeId,
      ownerOrg,
      at,
      ruleVersion: 'sample',
      content: { gender: 'female' },
      late: false,
    }),
  );
const moments = async (organisation: string | undefined) =>
  (await test.database.transaction((tx) => listNotices(tx, organisation, NOTICES_BEGIN, 50))).map(
    ({ at }) => at,
  );

it('the list shows all notices to an authority and to another organisation its own, newest first', async () => {
  for (const [ownerOrg, at] of [
    [one, 3],
    [other, 2],
    [one, 1],
  ] as const)
    await kept(ownerOrg, at);
  expect(await moments(undefined)).toEqual([3, 2, 1]);
  expect(await moments(one)).toEqual([3, 1]);
  expect(await moments(other)).toEqual([2]);
});

it('a notice with a known id is not stored again', async () => {
  const noticeId = randomUUID();
  expect(await kept(one, 4, noticeId)).toBe(true);
  expect(await kept(one, 5, noticeId)).toBe(false);
});
