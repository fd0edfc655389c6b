import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MIGRATION = new URL(
  '../../migrations/0005_deadlines_of_old_permissions.sql',
  import.meta.url,
);
const deadline = (about: string, due: number) => ({ code: 'permission-ends', about, due });
const permission = (permissionId: string, validUntil: number, more = {}) => ({
  permissionId,
  validUntil,
  ...more,
});
const fileOf = (permissions: readonly object[], deadlines: readonly object[] = []) => ({
  id: randomUUID(),
  state: JSON.stringify({ permissions, deadlines }),
});

/** Case files from before permissions had a deadline. */
const files = {
  withoutDeadline: fileOf([
    permission('p1', 300),
    permission('p2', 200),
    permission('withdrawn', 100, { withdrawnAt: 50 }),
  ]),
  withDeadline: fileOf([permission('p1', 300)], [deadline('p1', 300)]),
  renewed: fileOf([permission('p1', 100), permission('p2', 400, { renews: 'p1' })]),
  empty: fileOf([]),
};

let vault: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  const rows = Object.values(files).map(
    ({ id, state }) => `('${id}', '${randomUUID()}', 1, 3, '${state}')`,
  );
  const insert = `INSERT INTO case_file (id, owner_org, version, generation, state) VALUES ${rows.join(', ')};`;
  const migration = await readFile(MIGRATION, 'utf8');
  // Runs twice, because a permission with a deadline must keep it.
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

it('the migration gives an old permission a deadline, and its file a timer for the earliest one', async () => {
  expect(await deadlinesOf(files.withoutDeadline)).toEqual([
    deadline('p1', 300),
    deadline('p2', 200),
  ]);
  expect(await timersOf(files.withoutDeadline)).toEqual([
    { generation: 4, kind: 'permission-ends', due: 200 },
  ]);
});

it('the migration leaves an existing deadline unchanged, and gives a renewed permission none', async () => {
  expect(await deadlinesOf(files.withDeadline)).toEqual([deadline('p1', 300)]);
  expect(await timersOf(files.withDeadline)).toEqual([]);
  expect(await deadlinesOf(files.renewed)).toEqual([deadline('p2', 400)]);
  expect(await deadlinesOf(files.empty)).toEqual([]);
});
