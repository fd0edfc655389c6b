import { randomUUID } from 'node:crypto';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Call, type Transaction } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listsOf } from '../domain/screening/indicator-list.ts';
import type { ScreeningBeginning } from '../domain/screening/session.ts';
import { endPermission, rememberPermission } from '../outbound/permissions.ts';
import { rememberReference } from '../outbound/references.ts';
import type { CountryData } from './country-data.ts';
import { begin, concludeScreeningById, read, record } from './screenings.ts';

const current = await loadCountryPack('infra/countries/sample');
const country: CountryData = {
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
  actor: new Actor({ person: randomUUID(), organisation, role }, desksOf(current)),
  at: now,
  rpc: 'spec',
});

const screening = (caseReference: string, ownerOrg: string): ScreeningBeginning => ({
  screeningId: randomUUID(),
  caseReference,
  ownerOrg,
  list: 'ilo-2009',
  age: 'adult',
  basis: 'permission',
  at: now,
  session: { language: 'en', interpreter: false, interpreterId: undefined, by: ownerOrg },
  safety: { asked: true, speaksFreely: true, inDanger: false },
});
const answers = [{ indicator: 'ex-low-or-no-salary', presence: 'present' }] as const;

const known = async (): Promise<string> => {
  const reference = randomUUID();
  await test.database.transaction((tx) => rememberReference(tx, reference));
  return reference;
};

it('a screening for a reference that the vault has not announced is refused as not known yet, and nothing is stored', async () => {
  const call = callOf('caseworker');
  const given = await test.database.transaction((tx) =>
    record(tx, country, screening(randomUUID(), call.actor.organisation), answers, call),
  );
  expect(given).toMatchObject({
    kind: 'refused',
    refusal: 'not-known-yet',
    field: 'case_reference',
  });
  expect((await test.database.query('SELECT 1 FROM identification_file')).rowCount).toBe(0);
});

it('a screening of a person who is not safe is refused, and that is recorded', async () => {
  const [reference, call] = [await known(), callOf('caseworker')];
  const safety = { asked: true, speaksFreely: false, inDanger: true };
  const one = { ...screening(reference, call.actor.organisation), safety };
  const given = await test.database.transaction((tx) => begin(tx, country, one, call));
  expect(given).toMatchObject({ kind: 'refused', refusal: 'not-safe', field: 'safety' });
  const kept = await test.database.transaction((tx) =>
    read(tx, country, one.screeningId, 'identification-decision', call),
  );
  expect(kept).toMatchObject({
    kind: 'answer',
    response: {
      state: 'paused',
      answers: [],
      stopped: [{ speaksFreely: false, inDanger: true, at: now }],
    },
  });
});

it('several screenings of a person are in one file, and a known id is refused', async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const [first, second] = [
    screening(reference, call.actor.organisation),
    screening(reference, call.actor.organisation),
  ];
  for (const one of [first, second])
    expect(
      (await test.database.transaction((tx) => record(tx, country, one, answers, call))).kind,
    ).toBe('answer');
  const again = await test.database.transaction((tx) => record(tx, country, first, answers, call));
  expect(again).toMatchObject({ refusal: 'already-exists', field: 'screening_id' });
});

it("each read is announced to the vault in the transaction that reads, by this service's own reference of the case", async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const one = screening(reference, call.actor.organisation);
  await test.database.transaction((tx) => record(tx, country, one, answers, call));
  await test.database.transaction((tx) =>
    read(tx, country, one.screeningId, 'identification-decision', call),
  );
  const { rows } = await test.database.query(
    'SELECT key, type FROM journal JOIN outbox USING (position) WHERE key = $1',
    [reference],
  );
  expect(rows).toEqual([
    { key: reference, type: 'opennrm.identification_intake.v1.DisclosureMade' },
  ]);
});

describe('a screening that is based on a permission', () => {
  const AUTHORITY = current.identification.authorities[0]?.organisationId ?? '';
  const officer = callOf('competent-authority', AUTHORITY);
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    test.database.transaction(work);
  const permits = (caseReference: string, permissionId: string) =>
    inTransaction((tx) =>
      rememberPermission(tx, {
        permissionId,
        caseReference,
        organisationIds: [AUTHORITY],
        validFrom: now,
        validUntil: now + 1_000,
      }),
    );

  async function recorded(basis = 'permission') {
    const [caseReference, screener] = [await known(), callOf('caseworker')];
    const one = { ...screening(caseReference, screener.actor.organisation), basis };
    await inTransaction((tx) => record(tx, country, one, answers, screener));
    const reads = (reader: Call) =>
      inTransaction((tx) => read(tx, country, one.screeningId, 'identification-decision', reader));
    const concludes = (by: Call) =>
      inTransaction((tx) =>
        concludeScreeningById(tx, country, one.screeningId, { ...how, by: by.actor.person }, by),
      );
    return { caseReference, screener, reads, concludes };
  }
  const how = { conclusion: 'indicated', reason: 'own-account', noteId: undefined } as const;

  it('does not exist for any other organisation, whatever the name of its role', async () => {
    const { reads, concludes } = await recorded();
    for (const stranger of [
      callOf('caseworker'),
      callOf('competent-authority'),
      callOf('responder', AUTHORITY),
    ]) {
      expect(await reads(stranger)).toMatchObject({ refusal: 'not-found' });
      expect(await concludes(stranger)).toMatchObject({ refusal: 'not-found' });
    }
  });

  it('is readable for an authority of the country while the permission is valid', async () => {
    const { caseReference, screener, reads, concludes } = await recorded();
    expect(await reads(officer)).toMatchObject({ refusal: 'no-basis' });
    expect(await concludes(officer)).toMatchObject({ refusal: 'no-basis' });
    const permissionId: string = randomUUID();
    await permits(caseReference, permissionId);
    expect((await reads(officer)).kind).toBe('answer');
    await inTransaction((tx) => endPermission(tx, { permissionId, caseReference }));
    expect(await reads(officer)).toMatchObject({ refusal: 'no-basis' });
    expect(await concludes(officer)).toMatchObject({ refusal: 'no-basis' });
    expect((await reads(screener)).kind).toBe('answer');
  });

  it('is concluded by an authority that may read it', async () => {
    const { caseReference, concludes } = await recorded();
    await permits(caseReference, randomUUID());
    expect((await concludes(officer)).kind).toBe('answer');
    const another = await recorded('legal-obligation');
    expect((await another.concludes(officer)).kind).toBe('answer');
  });
});

it('a conclusion that differs from the result needs a reason', async () => {
  const reference = await known();
  const call = callOf('caseworker');
  const one = screening(reference, call.actor.organisation);
  await test.database.transaction((tx) => record(tx, country, one, answers, call));
  const how = {
    conclusion: 'indicated',
    noteId: undefined,
    by: call.actor.person,
  } as const;
  const conclude = (reason: string | undefined) =>
    test.database.transaction((tx) =>
      concludeScreeningById(tx, country, one.screeningId, { ...how, reason }, call),
    );
  expect(await conclude(undefined)).toMatchObject({ refusal: 'reason-needed', field: 'reason' });
  expect((await conclude('own-account')).kind).toBe('answer');
  expect(await conclude('again')).toMatchObject({ refusal: 'already-concluded' });
});
