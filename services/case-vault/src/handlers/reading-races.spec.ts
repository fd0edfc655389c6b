import { randomUUID } from 'node:crypto';
import { instant } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as withdrawals from './withdrawals.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

/** A person whose file a shelter may read, until they withdraw. */
async function readable() {
  const subject = await vault.opened();
  const shelter = randomUUID();
  await vault.writes(subject, 'health', 'Synthetic health of nobody');
  const permissionId = await vault.permits(subject, 'health');
  await vault.fromReferral(relationBegan(subject, shelter));
  return { ...subject, subject, shelter, permissionId };
}

const aMomentLater = instant(noon + 1);
const takesBack = ({ caseId, owner }: Subject, permissionId: string) => {
  const asked = { caseId, permissionId, channel: 'in-person' } as const;
  return (tx: Parameters<typeof withdrawals.withdraw>[0]) =>
    withdrawals.withdraw(tx, vault.pack, asked, callOf(owner, aMomentLater));
};

/** What stands in the journal of a case, in the order in which it happened. */
async function journaled(caseId: string): Promise<string[]> {
  const { rows } = await vault.database.query<{ type: string }>(
    "SELECT type FROM journal WHERE aggregate_id = $1 AND topic IS NULL AND type IN ('SectionRead', 'PermissionWithdrawn') ORDER BY position",
    [caseId],
  );
  return rows.map(({ type }) => type);
}

const somebodyWaits = () =>
  vi.waitFor(async () => {
    const { rows } = await vault.database.query(
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    );
    expect(rows).not.toEqual([]);
  });

it('a reading that began before a withdrawal was kept, and comes after it, reads nothing', async () => {
  const { caseId, subject, shelter, permissionId } = await readable();
  const [said, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const withdrawal = vault.inTransaction(async (tx) => {
    await takesBack(subject, permissionId)(tx);
    said.resolve();
    await kept.promise;
  });
  await said.promise;
  const reading = vault.reads(caseId, shelter, 'health');
  await somebodyWaits();
  kept.resolve();
  await withdrawal;
  expect(await reading).toEqual({ kind: 'refused', refusal: 'no-basis', field: 'purpose' });
  expect(await journaled(caseId)).toEqual(['PermissionWithdrawn']);
  expect(await vault.disclosures(subject)).toEqual([]);
});

it('of many readings that race a withdrawal none stands in the journal after it', async () => {
  const before: number[] = [];
  for (let round = 0; round < 40; round++) {
    const { caseId, subject, shelter, permissionId } = await readable();
    const reading = () => vault.reads(caseId, shelter, 'health');
    const answers = await Promise.all([
      reading(),
      reading(),
      reading(),
      vault.inTransaction(takesBack(subject, permissionId)).then(() => undefined),
      reading(),
      reading(),
      reading(),
    ]);
    const happened = await journaled(caseId);
    expect(happened.at(-1)).toBe('PermissionWithdrawn');
    expect(happened.length - 1).toBe(answers.filter((one) => one?.kind === 'answer').length);
    before.push(happened.length - 1);
  }
  // The race was one: at times some came before the withdrawal, and at times not all.
  expect(before.some((count) => count > 0)).toBe(true);
  expect(before.some((count) => count < 6)).toBe(true);
});
