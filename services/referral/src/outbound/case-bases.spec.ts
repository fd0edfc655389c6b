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

it('a lock on two references of one row ends with an error instead of waiting', async () => {
  const id = 'abcdef00-0000-4000-8000-0000000000aa';
  await expect(lock([id, id.toUpperCase()])).rejects.toThrow('fewer rows than case references');
});

it('concurrent locks on new cases give every case to each transaction', async () => {
  for (let round = 0; round < 20; round++) {
    const references = ids(12);
    const all = await Promise.all(Array.from({ length: 15 }, () => lock(references)));
    for (const known of all)
      expect(known.map((one) => one.caseReference).sort()).toEqual(references.toSorted());
  }
});
