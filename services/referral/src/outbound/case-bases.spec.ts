import { randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockCases } from './case-bases.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('referral', { connections: 20 });
});
afterAll(() => test.drop());

const lock = (references: readonly string[]) =>
  test.database.transaction((tx) => lockCases(tx, references));
const ids = (many: number): string[] => Array.from({ length: many }, () => randomUUID());

it('ends with an error where two references are one row: it never waits for a row that cannot come', async () => {
  const id = 'abcdef00-0000-4000-8000-0000000000aa';
  await expect(lock([id, id.toUpperCase()])).rejects.toThrow('fewer rows than case references');
});

it('gives each case that many transactions begin at the same moment to every one of them', async () => {
  for (let round = 0; round < 20; round++) {
    const references = ids(12);
    const all = await Promise.all(Array.from({ length: 15 }, () => lock(references)));
    for (const known of all)
      expect(known.map((one) => one.caseReference).sort()).toEqual(references.toSorted());
  }
});
