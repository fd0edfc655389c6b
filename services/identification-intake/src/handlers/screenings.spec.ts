import { randomUUID } from 'node:crypto';
import { loadCountryPack } from '@opennrm/country/load';
import type { Call } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endPermission } from '../adapters/permissions.ts';
import { rememberReference } from '../adapters/references.ts';
import { listsOf } from '../domain/screening/indicator-list.ts';
import type { ScreeningBeginning } from '../domain/screening/sitting.ts';
import type { Ground } from './ground.ts';
import { concludeIt, read, record } from './screenings.ts';

const current = await loadCountryPack('infra/countries/sample');
const ground: Ground = {
  packs: { current, byId: () => Promise.resolve(current) },
  lists: listsOf([current]),
};
const now = instant(Date.UTC(2026, 0, 5, 10));
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

const callOf = (role: string, organisation: string = randomUUID()): Call => ({
  actor: { person: randomUUID(), organisation, role },
  at: now,
  rpc: 'spec',
});

const screening = (caseReference: string, ownerOrg: string): ScreeningBeginning => ({
  ...{
    screeningId: randomUUID(),
    caseReference,
    ownerOrg,
    list: 'ilo-2009',
    age: 'adult',
    basis: 'permission',
    at: now,
  },
  ...{ sitting: { language: 'en', interpreter: false, by: ownerOrg } },
  safety: { asked: true, speaksFreely: true, inDanger: false },
});
const answers = [{ indicator: 'ex-low-or-no-salary', presence: 'present' }] as const;

const known = async (): Promise<string> => {
  const reference = randomUUID();
  await test.database.transaction((tx) => rememberReference(tx, reference));
  return reference;
};

it('asks to send again while the vault has not announced the reference, and keeps nothing', async () => {
  const call = callOf('caseworker');
  const given = await test.database.transaction((tx) =>
    record(tx, ground, screening(randomUUID(), call.actor.organisation), answers, call),
  );
  expect(given).toMatchObject({ kind: 'refused', refusal: 'not-known-yet', field: 'case_reference' });
  expect((await test.database.query('SELECT 1 FROM identification_file')).rowCount).toBe(0);
});

it('keeps several screenings of a person in one file, and refuses an id that is taken', async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const [first, second] = [
    screening(reference, call.actor.organisation),
    screening(reference, call.actor.organisation),
  ];
  for (const one of [first, second])
    expect((await test.database.transaction((tx) => record(tx, ground, one, answers, call))).kind).toBe('answer');
  const again = await test.database.transaction((tx) => record(tx, ground, first, answers, call));
  expect(again).toMatchObject({ refusal: 'already-exists', field: 'screening_id' });
});

it('tells the vault of each reading in the transaction that reads, by its own reference of the case', async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const one = screening(reference, call.actor.organisation);
  await test.database.transaction((tx) => record(tx, ground, one, answers, call));
  await test.database.transaction((tx) => read(tx, ground, one.screeningId, 'identification-decision', call));
  const { rows } = await test.database.query(
    'SELECT key, type FROM journal JOIN outbox USING (position) WHERE key = $1',
    [reference],
  );
  expect(rows).toEqual([{ key: reference, type: 'opennrm.identification_intake.v1.DisclosureMade' }]);
});

it('does not exist for another organisation, and is closed to the authority once the permission was withdrawn', async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const one = screening(reference, call.actor.organisation);
  await test.database.transaction((tx) => record(tx, ground, one, answers, call));
  const readAs = (reader: Call) =>
    test.database.transaction((tx) => read(tx, ground, one.screeningId, 'identification-decision', reader));
  expect(await readAs(callOf('caseworker'))).toMatchObject({ refusal: 'not-found' });
  expect((await readAs(callOf('competent-authority'))).kind).toBe('answer');
  await test.database.transaction((tx) => endPermission(tx, { permissionId: randomUUID(), caseReference: reference }));
  expect(await readAs(callOf('competent-authority'))).toMatchObject({ refusal: 'no-basis' });
  expect((await readAs(call)).kind).toBe('answer');
});

it('lets a human conclude otherwise than the indicators only with a reason', async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const one = screening(reference, call.actor.organisation);
  await test.database.transaction((tx) => record(tx, ground, one, answers, call));
  const how = {
    conclusion: 'indicated',
    noteId: undefined,
    by: call.actor.person,
  } as const;
  const conclude = (reason: string | undefined) =>
    test.database.transaction((tx) => concludeIt(tx, ground, one.screeningId, { ...how, reason }, call));
  expect(await conclude(undefined)).toMatchObject({ refusal: 'reason-needed', field: 'reason' });
  expect((await conclude('her-own-account')).kind).toBe('answer');
  expect(await conclude('again')).toMatchObject({ refusal: 'already-concluded' });
});
