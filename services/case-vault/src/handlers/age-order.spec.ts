import { topics } from '@opennrm/contracts/topics';
import { days, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, noon, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as person from './person.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

it('a record that the vault makes later has a later time, also where its command was received first', async () => {
  const subject = await vault.opened();
  const records = (age: 'child' | 'adult', at: typeof noon) =>
    vault.inTransaction((tx) =>
      person.age(
        tx,
        vault.pack,
        { caseId: subject.caseId, age, eighteenAt: undefined },
        callOf(subject.owner, at),
      ),
    );
  // Received at 100 ms, waited for the row; the other was received at 200 ms and took the lock first.
  await records('adult', later(noon, days(1) + 200));
  await records('child', later(noon, days(1) + 100));
  const { rows } = await vault.database.query<{ value: Buffer }>(
    'SELECT value FROM journal WHERE topic = $1 AND key = $2 ORDER BY position',
    [topics.caseVaultForReferral.name, subject.reference],
  );
  const ages = rows
    .map(({ value }) => topics.caseVaultForReferral.decode(value))
    .flatMap((one) => (one?.$case === 'ageChanged' ? [one.value] : []));
  expect(ages.map(({ underEighteen }) => underEighteen)).toEqual(['no', 'yes']);
  const [adult, child] = ages.map(({ recordedAt }) => recordedAt?.getTime() ?? 0) as [
    number,
    number,
  ];
  expect(child).toBeGreaterThan(adult);
});
