import { randomUUID } from 'node:crypto';
import { asAdmin } from '@opennrm/infra/local';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type DatabaseReader, neverDoubled } from './index.ts';

let [referral, shelters, vault]: TestDatabase[] = [];
beforeAll(async () => {
  referral = await testDatabase('referral');
  shelters = await testDatabase('shelter-capacity');
  vault = await testDatabase('case-vault');
});
afterAll(() => Promise.all([referral?.drop(), shelters?.drop(), vault?.drop()]));
afterEach(async () => {
  await plant('TRUNCATE provider CASCADE');
  await plantReferral('TRUNCATE referral, service, organisation CASCADE');
});

/** Writes as the role that owns the tables: data that the rules of the service would refuse. */
const plant = (sql: string, values: unknown[] = []): Promise<unknown> =>
  asAdmin(shelters?.ownerUrl ?? '', (owner) => owner.query(sql, values));

const plantReferral = (sql: string, values: unknown[] = []): Promise<unknown> =>
  asAdmin(referral?.ownerUrl ?? '', (owner) => owner.query(sql, values));

/** A referral of one person for a need, with only the data that the checks read. */
async function referralOf(
  caseReference: string,
  need: string,
  stage = 'searching',
): Promise<string> {
  const id = randomUUID();
  const state = { party: [{ caseReference }], stage: { name: stage } };
  await plantReferral(
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $1, 1, 0, $2, $3, 0, 0, $4, 'women', 1, '{}')`,
    [id, state, stage, need],
  );
  return id;
}

/** Registers these references of `referral` for one person in the vault. */
async function registeredTogether(references: readonly string[]): Promise<void> {
  const caseId = randomUUID();
  await asAdmin(vault?.ownerUrl ?? '', async (owner) => {
    await owner.query(
      `INSERT INTO case_file (id, owner_org, version, generation, state) VALUES ($1, $1, 1, 0, '{}')`,
      [caseId],
    );
    for (const reference of references)
      await owner.query(
        `INSERT INTO case_reference (service, reference, case_id) VALUES ('referral', $1, $2)`,
        [reference, caseId],
      );
  });
}

const reader: DatabaseReader = {
  services: ['referral', 'shelter-capacity', 'case-vault'],
  rows: async (service, sql) => {
    const databases: Record<string, TestDatabase | undefined> = {
      referral,
      'shelter-capacity': shelters,
    };
    const { rows } = (await (databases[service] ?? vault)?.database.query(sql)) ?? { rows: [] };
    return rows as never[];
  },
  now: () => 0,
};

const BED = 'abcdef00-0000-4000-8000-0000000000aa';

interface Planted {
  readonly units: readonly string[];
  readonly holds?: readonly (readonly string[])[];
}

/** A provider with one room of these units, and a hold on each of these. */
async function provider({ units, holds = [] }: Planted): Promise<void> {
  const id = randomUUID();
  const state = {
    sites: [{ rooms: [{ unitIds: units }] }],
    holds: holds.map((unitIds) => ({ holdId: randomUUID(), status: 'held', unitIds })),
  };
  await plant(
    'INSERT INTO provider (id, owner_org, version, generation, state) VALUES ($1, $1, 1, 0, $2)',
    [id, state],
  );
  for (const { holdId, unitIds } of state.holds)
    for (const unit of unitIds)
      await plant(
        'INSERT INTO occupancy (unit_id, hold_id, provider_id) VALUES (lower($1), $2, $3) ON CONFLICT DO NOTHING',
        [unit, holdId, id],
      );
}

/** Opens an alert on a referral that its person is referred twice. */
const raiseAlert = (referralId: string): Promise<unknown> =>
  plantReferral(
    `INSERT INTO alert (alert_id, referral_id, owner_org, code, owner_role, raised_at, act_by, level)
     VALUES ($1, $2, $2, 'person-referred-twice', 'coordinator', 0, 0, 1)`,
    [randomUUID(), referralId],
  );

const doubled = (need: string, ids: readonly string[]): string =>
  `one person is referred more than once for ${need}, and not each referral has an alert: ${ids.toSorted().join(', ')}`;

const broken = async (): Promise<string[]> =>
  (await neverDoubled(reader))
    .filter(({ violations }) => violations.length > 0)
    .flatMap(({ violations }) => [...violations]);

it('neverDoubled finds no violation where each unit has one room and one holder', async () => {
  await provider({ units: [BED], holds: [[BED]] });
  await provider({ units: [randomUUID()] });
  expect(await broken()).toEqual([]);
});

it('neverDoubled finds a unit that is in two rooms with its id in two spellings', async () => {
  await provider({ units: [BED, BED.toUpperCase()] });
  expect(await broken()).toEqual([`unit ${BED} is in 2 rooms`]);
});

it('neverDoubled finds a unit that belongs to two providers', async () => {
  await provider({ units: [BED] });
  await provider({ units: [BED] });
  expect(await broken()).toEqual([`unit ${BED} is in 2 rooms`]);
});

it('neverDoubled finds two holders of one bed, also if they spell its id differently', async () => {
  await provider({ units: [BED], holds: [[BED], [BED.toUpperCase()]] });
  expect(await broken()).toContain(`unit ${BED} has two holders`);
});

it('neverDoubled finds a hold that is not in the table of occupied units', async () => {
  await provider({ units: [BED], holds: [[BED]] });
  await plant('DELETE FROM occupancy');
  expect(await broken()).toEqual(['the table of occupied units differs from the providers']);
});

it('neverDoubled finds a person with two live referrals for one need, also if they spell the case reference differently', async () => {
  const ids = [
    await referralOf(BED, 'legal-aid'),
    await referralOf(BED.toUpperCase(), 'legal-aid'),
  ].sort();
  expect(await broken()).toEqual([doubled('legal-aid', ids)]);
});

it('neverDoubled finds no violation where a person has referrals for two needs, or an earlier one that has ended', async () => {
  await referralOf(BED, 'legal-aid');
  await referralOf(BED, 'medical-care');
  await referralOf(BED, 'legal-aid', 'withdrawn');
  expect(await broken()).toEqual([]);
});

it('neverDoubled finds a person with two live referrals under two references if the vault has registered both', async () => {
  const references = [randomUUID(), randomUUID(), randomUUID()];
  const ids = await Promise.all(references.map((one) => referralOf(one, 'safe-accommodation')));
  await registeredTogether(references.slice(0, 1));
  expect(await broken()).toEqual([]);
  await registeredTogether(references.slice(1));
  expect(await broken()).toEqual([doubled('safe-accommodation', ids.slice(1))]);
});

it('neverDoubled accepts two referrals of one person if each has an open alert, and counts such people', async () => {
  const references = [randomUUID(), randomUUID()];
  const ids = await Promise.all(references.map((one) => referralOf(one, 'safe-accommodation')));
  await registeredTogether(references);
  await raiseAlert(ids[0] ?? '');
  expect(await broken()).toEqual([doubled('safe-accommodation', ids)]);
  await raiseAlert(ids[1] ?? '');
  expect(await broken()).toEqual([]);
  expect((await neverDoubled(reader)).map(({ statement }) => statement)).toContainEqual(
    expect.stringContaining('(of 1 people now)'),
  );
  await plantReferral('UPDATE alert SET resolved = true WHERE referral_id = $1', [ids[1]]);
  expect(await broken()).toEqual([doubled('safe-accommodation', ids)]);
});

/** A service of the directory with holds on these units. @returns the ids of the holds. */
async function places(status: string, units: readonly (readonly string[])[]): Promise<string[]> {
  const id = randomUUID();
  await plantReferral(`INSERT INTO organisation VALUES ($1, 'non-governmental', $1)`, [id]);
  await plantReferral(
    `INSERT INTO service (id, owner_org, version, generation, state, need) VALUES ($1, $1, 1, 0, '{}', 'medical-care')`,
    [id],
  );
  const holds = units.map((unitIds) => ({ holdId: randomUUID() as string, status, unitIds }));
  await plantReferral(
    'INSERT INTO places (id, owner_org, version, generation, state) VALUES ($1, $1, 1, 0, $2)',
    [id, { holds }],
  );
  return holds.map(({ holdId }) => holdId);
}

it('neverDoubled finds two holders of one place of a service of the directory, and not one place each of two services', async () => {
  await places('held', [['1'], ['2']]);
  await places('held', [['1']]);
  expect(await broken()).toEqual([]);
  await places('held', [['7'], ['7']]);
  expect(await broken()).toEqual([expect.stringMatching(/^unit .*\/7 has two holders$/)]);
});

it('neverDoubled finds a confirmed place of a service of the directory without a referral, and one that has started alone', async () => {
  const [confirmed] = await places('confirmed', [['1']]);
  const [started] = await places('started', [['1']]);
  expect(await broken()).toEqual([
    `place ${confirmed} is confirmed without a referral`,
    `hold ${started} has started, its referral has not`,
  ]);
});

it('neverDoubled finds a referral that has started while its place is only confirmed', async () => {
  const [hold] = await places('confirmed', [['1']]);
  const id = await referralOf(randomUUID(), 'medical-care', 'started');
  await plantReferral(
    `UPDATE referral SET state = jsonb_set(state, '{stage,offerId}', to_jsonb($2::text)) WHERE id = $1`,
    [id, hold],
  );
  expect(await broken()).toEqual([`referral ${id} has started, its place has not`]);
});
