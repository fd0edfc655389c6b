import { randomUUID } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseReference } from '../domain/need.ts';
import { lockCases } from './case-bases.ts';
import { lockPeople, samePersonOf, storeSamePerson } from './same-person.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('referral');
});
afterAll(() => test.drop());

const ids = (many: number): CaseReference[] =>
  Array.from({ length: many }, () => randomUUID() as string as CaseReference);
const keep = (...references: readonly string[]) =>
  test.database.transaction((tx) => storeSamePerson(tx, references));
const knownOf = async (...references: readonly string[]) => {
  const known = await test.database.transaction((tx) => samePersonOf(tx, references));
  return [...known]
    .map(([one, all]) => [one, all.toSorted()] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
};
const everyoneKnows = (references: readonly string[]) =>
  references.toSorted().map((one) => [one, references.toSorted()]);

it('every reference of a person finds all of them', async () => {
  const references = ids(3);
  await keep(...references);
  for (const one of references) expect(await knownOf(one)).toEqual(everyoneKnows(references));
});

it('a reference that is the only one of its person is not stored', async () => {
  const [alone = ''] = ids(1);
  await keep(alone);
  expect(await knownOf(alone)).toEqual([]);
});

it('groups of references that were stored separately are joined, in any order and however often', async () => {
  const [r1 = '', r2 = '', r3 = '', r4 = ''] = ids(4);
  await keep(r2, r1);
  await keep(r4, r3);
  await keep(r3, r1, r2);
  await keep(r2, r1);
  for (const one of [r1, r2, r3, r4])
    expect(await knownOf(one)).toEqual(everyoneKnows([r1, r2, r3, r4]));
});

it('a person is locked under every reference, also one that the vault announced during the wait', async () => {
  const [r1, r2, r3] = ids(3) as [CaseReference, CaseReference, CaseReference];
  await keep(r2, r1);
  const locked = await test.database.transaction(async (announcing) => {
    await lockCases(announcing, [r1, r3]);
    const waiting = test.database.transaction(async (tx) => {
      const known = await lockPeople(tx, [r2]);
      return { known: known.get(r2)?.toSorted(), free: await unlockedOf([r1, r2, r3]) };
    });
    await untilLockWait();
    await storeSamePerson(announcing, [r3, r1]);
    return { waiting };
  });
  expect(await locked.waiting).toEqual({ known: [r1, r2, r3].toSorted(), free: [] });
});

async function unlockedOf(caseReferences: readonly string[]): Promise<unknown[]> {
  const { rows } = await test.database.query(
    'SELECT FROM case_basis WHERE case_reference = ANY ($1::uuid[]) FOR UPDATE SKIP LOCKED',
    [caseReferences],
  );
  return rows;
}

async function untilLockWait(): Promise<void> {
  for (;;) {
    const { rows } = await test.database.query(
      "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
  }
}
