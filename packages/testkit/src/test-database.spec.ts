import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from './test-database.ts';

let one: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  const ownerSql =
    'CREATE TABLE spec_marks (mark int); GRANT SELECT, INSERT ON spec_marks TO messaging_service';
  [one, other] = await Promise.all([
    testDatabase('messaging', { ownerSql }),
    testDatabase('messaging', { ownerSql }),
  ]);
});
afterAll(() => Promise.all([one?.drop(), other?.drop()]));

it('a test database has the tables of the packages, with the privileges of the service', async () => {
  const { rows } = await one.database.query<{ who: string }>(
    'SELECT current_user AS who FROM outbox LIMIT 1',
  );
  expect(rows).toEqual([]);
});

it('the service role cannot create a table in a test database', async () => {
  await expect(one.database.query('CREATE TABLE own (id int)')).rejects.toMatchObject({
    code: '42501',
  });
});

it('two test databases are separate', async () => {
  await one.database.query('INSERT INTO spec_marks VALUES (1)');
  expect((await other.database.query('SELECT mark FROM spec_marks')).rows).toEqual([]);
});
