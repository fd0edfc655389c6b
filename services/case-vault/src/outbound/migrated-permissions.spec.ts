import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MIGRATION = new URL(
  '../../migrations/0005_deadlines_of_old_permissions.sql',
  import.meta.url,
);
const clock = (about: string, due: number) => ({ code: 'permission-ends', about, due });
const yes = (permissionId: string, validUntil: number, more = {}) => ({
  permissionId,
  validUntil,
  ...more,
});
const fileOf = (permissions: readonly object[], deadlines: readonly object[] = []) => ({
  id: randomUUID(),
  state: JSON.stringify({ permissions, deadlines }),
});

/** As they stood before a permission had a clock. */
const files = {
  silent: fileOf([yes('p1', 300), yes('p2', 200), yes('gone', 100, { withdrawnAt: 50 })]),
  clocked: fileOf([yes('p1', 300)], [clock('p1', 300)]),
  renewed: fileOf([yes('p1', 100), yes('p2', 400, { renews: 'p1' })]),
  empty: fileOf([]),
};

let vault: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  const rows = Object.values(files).map(
    ({ id, state }) => `('${id}', '${randomUUID()}', 1, 3, '${state}')`,
  );
  const insert = `INSERT INTO case_file (id, owner_org, version, generation, state) VALUES ${rows.join(', ')};`;
  const migration = await readFile(MIGRATION, 'utf8');
  // Twice: what has its clock keeps it.
  vault = await testDatabase('case-vault', { ownerSql: `${insert} ${migration} ${migration}` });
});
afterAll(() => vault.drop());

const deadlinesOf = async ({ id }: { id: string }) => {
  const { rows } = await vault.database.query<{ deadlines: object[] }>(
    "SELECT state->'deadlines' AS deadlines FROM case_file WHERE id = $1",
    [id],
  );
  return rows[0]?.deadlines;
};
const timersOf = async ({ id }: { id: string }) =>
  (
    await vault.database.query('SELECT generation, kind, due FROM timers WHERE aggregate_id = $1', [
      id,
    ])
  ).rows;

it('a permission that began before it had a clock is given one, and its file the earliest of them', async () => {
  expect(await deadlinesOf(files.silent)).toEqual([clock('p1', 300), clock('p2', 200)]);
  expect(await timersOf(files.silent)).toEqual([
    { generation: 4, kind: 'permission-ends', due: 200 },
  ]);
});

it('one that has its clock keeps it, and one that was renewed needs none', async () => {
  expect(await deadlinesOf(files.clocked)).toEqual([clock('p1', 300)]);
  expect(await timersOf(files.clocked)).toEqual([]);
  expect(await deadlinesOf(files.renewed)).toEqual([clock('p2', 400)]);
  expect(await deadlinesOf(files.empty)).toEqual([]);
});
