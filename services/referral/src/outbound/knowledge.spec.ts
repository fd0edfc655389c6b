import type { Statement, Transaction } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { decideWithKnowledge } from './knowledge.ts';
import { referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

/** The names of the statements that a decision needed. */
async function statementsOf(
  decide: Parameters<typeof decideWithKnowledge<unknown>>[4],
): Promise<string[]> {
  const named: string[] = [];
  await world.inTransaction((tx) => {
    const watched: Transaction = {
      query: (statement, values) => {
        named.push((statement as Statement).name);
        return tx.query(statement, values);
      },
    };
    return decideWithKnowledge(watched, pack, monday, [], decide);
  });
  return named.filter((name) => name !== 'services-read');
}

it('reads nothing for a decision that looks at nothing', async () => {
  expect(await statementsOf(({ now }) => now)).toEqual([]);
});

it('reads what a decision looks at, each once, however often it is looked at', async () => {
  const decide = ({
    services,
    bases,
    findService,
  }: Parameters<Parameters<typeof statementsOf>[0]>[0]) =>
    [services, bases, services, findService(shelter), findService(shelter)].length;
  const [{ serviceId: shelter } = { serviceId: '' }] = await world.setShelters(3);
  expect(await statementsOf(decide)).toEqual([
    'services-read-all',
    'case-bases',
    'services-read-one',
  ]);
});

it('gives one service as it gives it among all', async () => {
  const [one] = await world.setShelters(2);
  const seen = await world.inTransaction((tx) =>
    decideWithKnowledge(tx, pack, monday, [], ({ services, findService }) => ({
      alone: findService(one?.serviceId ?? ''),
      among: services.find(({ serviceId }) => serviceId === one?.serviceId),
      nobody: findService('00000000-0000-4000-8000-000000000000'),
    })),
  );
  expect(seen.alone).toEqual(seen.among);
  expect(seen.alone).toBeDefined();
  expect(seen.nobody).toBeUndefined();
});
