import type { Statement, Transaction } from '@opennrm/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServiceId } from '../domain/need.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
import type { Knowledge } from '../domain/steps.ts';
import { decideWithKnowledge } from './knowledge.ts';
import { referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

/** The names of the statements that a decision needed. */
async function statementsOf(decide: (knowledge: Knowledge) => unknown): Promise<string[]> {
  const named: string[] = [];
  await world.inTransaction((tx) => {
    const query: Transaction['query'] = (statement, values) => {
      named.push((statement as Statement).name);
      return tx.query(statement, values);
    };
    const watched: Transaction = Object.assign(Object.create(tx), { query });
    return decideWithKnowledge(watched, pack, monday, [], decide);
  });
  return named.filter((name) => name !== 'services-read');
}

it('a decision that uses nothing reads nothing', async () => {
  expect(await statementsOf(({ now }) => now)).toEqual([]);
});

it('a decision reads each thing that it uses once, however often it uses it, and services by id together', async () => {
  const [one, other] = await world.setShelters(3);
  const ids = [one?.serviceId, other?.serviceId] as ServiceId[];
  const decide = ({ servicesFor, loadsOf, bases, findService }: Knowledge) =>
    [
      servicesFor(need.need),
      bases,
      servicesFor(need.need),
      ids.map((id) => findService(id)),
      ids.map((id) => findService(id)),
      loadsOf(ids.slice(0, 1)),
      loadsOf([]),
      loadsOf(ids),
    ].length;
  expect((await statementsOf(decide)).toSorted()).toEqual([
    'case-bases',
    'service-loads',
    'services-by-id',
    'services-of-need',
  ]);
});

it('a decision that was made without a fact is discarded, and what it asked for because of that is not read', async () => {
  const [one] = await world.setShelters(1);
  const decide = ({ servicesFor, findService }: Knowledge) =>
    findService(one?.serviceId ?? '') === undefined ? servicesFor('legal-aid').length : 'found';
  expect(await statementsOf(decide)).toEqual(['services-by-id']);
});

it('a decision that asks for facts without end fails', async () => {
  let asked = 0;
  const decide = ({ servicesFor }: Knowledge) => servicesFor(`need-${asked++}`);
  await expect(statementsOf(decide)).rejects.toThrow('without end');
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
