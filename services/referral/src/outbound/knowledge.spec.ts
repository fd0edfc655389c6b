import type { Statement, Transaction } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServiceId } from '../domain/need.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
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

it('a decision that uses nothing reads nothing', async () => {
  expect(await statementsOf(({ now }) => now)).toEqual([]);
});

it('a decision reads each thing that it uses once, however often it uses it', async () => {
  const decide = ({
    servicesFor,
    loadsOf,
    bases,
    findService,
  }: Parameters<Parameters<typeof statementsOf>[0]>[0]) =>
    [
      servicesFor(need.need),
      bases,
      servicesFor(need.need),
      findService(shelter),
      findService(shelter),
      loadsOf([shelter as ServiceId]),
      loadsOf([]),
      loadsOf([shelter as ServiceId]),
    ].length;
  const [{ serviceId: shelter } = { serviceId: '' }] = await world.setShelters(3);
  expect(await statementsOf(decide)).toEqual([
    'case-bases',
    'services-of-need',
    'services-read-one',
    'service-loads',
  ]);
});

it('a service that is read alone equals the same service in the whole directory', async () => {
  const [one] = await world.setShelters(2);
  const read = await world.inTransaction((tx) =>
    decideWithKnowledge(tx, pack, monday, [], ({ servicesFor, findService }) => ({
      alone: findService(one?.serviceId ?? ''),
      among: servicesFor(need.need).find(({ serviceId }) => serviceId === one?.serviceId),
      nobody: findService('00000000-0000-4000-8000-000000000000'),
    })),
  );
  expect(read.alone).toEqual(read.among);
  expect(read.alone).toBeDefined();
  expect(read.nobody).toBeUndefined();
});
