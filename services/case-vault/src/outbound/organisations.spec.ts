import { randomUUID } from 'node:crypto';
import { testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { classesOf, rememberService } from './organisations.ts';
import { beginRelation } from './relations.ts';

let vault: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  vault = await testDatabase('case-vault');
});
afterAll(() => vault.drop());

const hasService = (organisationId: string, serviceClass: string) =>
  vault.database.transaction((tx) =>
    rememberService(tx, { serviceId: randomUUID(), organisationId, serviceClass }),
  );
const hadRelation = (organisationId: string, serviceClass: string) =>
  vault.database.transaction((tx) =>
    beginRelation(tx, {
      organisationId,
      serviceClass,
      holdId: randomUUID(),
      references: [randomUUID()],
      serviceId: randomUUID(),
      region: 'harbour',
      purpose: 'accommodation',
      streamKey: randomUUID(),
      at: 0,
    }),
  );
const classesOfThese = (ids: readonly string[]) =>
  vault.database.transaction((tx) => classesOf(tx, ids));

it('classesOf returns each service class of an organisation once, from the directory or from its relations', async () => {
  const [both, listed, unlisted, unknown] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  for (const serviceClass of ['legal-aid', 'safe-accommodation', 'safe-accommodation'])
    await hasService(both, serviceClass);
  for (const serviceClass of ['health', 'legal-aid', 'transport', 'transport'])
    await hadRelation(both, serviceClass);
  await hasService(listed, 'health');
  await hadRelation(unlisted, 'transport');
  expect(await classesOfThese([both, listed, unlisted, unknown])).toEqual(
    new Map([
      [both, ['health', 'legal-aid', 'safe-accommodation', 'transport']],
      [listed, ['health']],
      [unlisted, ['transport']],
    ]),
  );
});

it('classesOf returns nothing for no organisations', async () => {
  expect(await classesOfThese([])).toEqual(new Map());
});
