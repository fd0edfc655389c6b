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
  rememberService(vault.database, { serviceId: randomUUID(), organisationId, serviceClass });
const hadToDo = (organisationId: string, serviceClass: string) =>
  beginRelation(vault.database, {
    organisationId,
    serviceClass,
    holdId: randomUUID(),
    references: [randomUUID()],
    serviceId: randomUUID(),
    region: 'harbour',
    purpose: 'accommodation',
    streamKey: randomUUID(),
    at: 0,
  });

it('names each class of each organisation once, be it from the directory or from what it had to do with anybody', async () => {
  const [both, listed, unlisted, unknown] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  for (const serviceClass of ['legal-aid', 'safe-accommodation', 'safe-accommodation'])
    await hasService(both, serviceClass);
  for (const serviceClass of ['health', 'legal-aid', 'transport', 'transport'])
    await hadToDo(both, serviceClass);
  await hasService(listed, 'health');
  await hadToDo(unlisted, 'transport');
  expect(await classesOf(vault.database, [both, listed, unlisted, unknown])).toEqual(
    new Map([
      [both, ['health', 'legal-aid', 'safe-accommodation', 'transport']],
      [listed, ['health']],
      [unlisted, ['transport']],
    ]),
  );
});

it('names nothing where no organisation is asked for', async () => {
  expect(await classesOf(vault.database, [])).toEqual(new Map());
});
