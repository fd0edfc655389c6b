import type { Statement, Transaction } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { decideKnowing } from './knowledge.ts';
import { referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

/** The names of the statements that a decision needed. */
async function statementsOf(decide: Parameters<typeof decideKnowing<unknown>>[4]): Promise<string[]> {
  const named: string[] = [];
  await world.inTurn((tx) => {
    const watched: Transaction = {
      query: (statement, values) => {
        named.push((statement as Statement).name);
        return tx.query(statement, values);
      },
    };
    return decideKnowing(watched, pack, monday, [], decide);
  });
  return named.filter((name) => name !== 'services-read');
}

it('reads nothing for a decision that looks at nothing', async () => {
  expect(await statementsOf(({ now }) => now)).toEqual([]);
});

it('reads what a decision looks at, each once, however often it is looked at', async () => {
  const decide = ({ services, bases, serviceNamed }: Parameters<Parameters<typeof statementsOf>[0]>[0]) =>
    [services, bases, services, serviceNamed(shelter), serviceNamed(shelter)].length;
  const [{ serviceId: shelter } = { serviceId: '' }] = await world.onlyShelters(3);
  expect(await statementsOf(decide)).toEqual(['services-known', 'case-bases', 'service-known']);
});

it('gives one service as it gives it among all', async () => {
  const [one] = await world.onlyShelters(2);
  const seen = await world.inTurn((tx) =>
    decideKnowing(tx, pack, monday, [], ({ services, serviceNamed }) => ({
      alone: serviceNamed(one?.serviceId ?? ''),
      among: services.find(({ serviceId }) => serviceId === one?.serviceId),
      nobody: serviceNamed('00000000-0000-4000-8000-000000000000'),
    })),
  );
  expect(seen.alone).toEqual(seen.among);
  expect(seen.alone).toBeDefined();
  expect(seen.nobody).toBeUndefined();
});
