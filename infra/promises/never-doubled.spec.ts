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
  await plantReferral('TRUNCATE referral CASCADE');
});

/** As the role that owns the tables: a fault that the rules of the service would not let through. */
const plant = (sql: string, values: unknown[] = []): Promise<unknown> =>
  asAdmin(shelters?.ownerUrl ?? '', (owner) => owner.query(sql, values));

const plantReferral = (sql: string, values: unknown[] = []): Promise<unknown> =>
  asAdmin(referral?.ownerUrl ?? '', (owner) => owner.query(sql, values));

/** A referral of one person for a need, with nothing that the checks do not look at. */
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

/** The vault knows these references of `referral` as one person's. */
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

/** An alert is open on a referral that its person is referred twice. */
const told = (referralId: string): Promise<unknown> =>
  plantReferral(
    `INSERT INTO alert (alert_id, referral_id, owner_org, code, owner_role, raised_at, act_by, level)
     VALUES ($1, $2, $2, 'person-referred-twice', 'coordinator', 0, 0, 1)`,
    [randomUUID(), referralId],
  );

const doubled = (need: string, ids: readonly string[]): string =>
  `one person is referred more than once for ${need}, and not each is told of: ${ids.toSorted().join(', ')}`;

const broken = async (): Promise<string[]> =>
  (await neverDoubled(reader))
    .filter(({ violations }) => violations.length > 0)
    .flatMap(({ violations }) => [...violations]);

it('finds nothing where each unit has one room and one holder', async () => {
  await provider({ units: [BED], holds: [[BED]] });
  await provider({ units: [randomUUID()] });
  expect(await broken()).toEqual([]);
});

it('finds a unit that is in two rooms, its id in two spellings', async () => {
  await provider({ units: [BED, BED.toUpperCase()] });
  expect(await broken()).toEqual([`unit ${BED} stands in 2 places`]);
});

it('finds a unit that belongs to two providers', async () => {
  await provider({ units: [BED] });
  await provider({ units: [BED] });
  expect(await broken()).toEqual([`unit ${BED} stands in 2 places`]);
});

it('finds two holders of one bed, also where each names it in another spelling', async () => {
  await provider({ units: [BED], holds: [[BED], [BED.toUpperCase()]] });
  expect(await broken()).toContain(`unit ${BED} has two holders`);
});

it('finds a hold that is not in the table of occupied units', async () => {
  await provider({ units: [BED], holds: [[BED]] });
  await plant('DELETE FROM occupancy');
  expect(await broken()).toEqual(['the table of occupied units differs from the providers']);
});

it('finds a person who has two live referrals for one need, also where each spells the case in another way', async () => {
  const ids = [
    await referralOf(BED, 'legal-aid'),
    await referralOf(BED.toUpperCase(), 'legal-aid'),
  ].sort();
  expect(await broken()).toEqual([doubled('legal-aid', ids)]);
});

it('finds nothing where a person has referrals for two needs, or an earlier one that is over', async () => {
  await referralOf(BED, 'legal-aid');
  await referralOf(BED, 'medical-care');
  await referralOf(BED, 'legal-aid', 'withdrawn');
  expect(await broken()).toEqual([]);
});

it('finds a person who has two live referrals under two references, once the vault knows both', async () => {
  const references = [randomUUID(), randomUUID(), randomUUID()];
  const ids = await Promise.all(references.map((one) => referralOf(one, 'safe-accommodation')));
  await registeredTogether(references.slice(0, 1));
  expect(await broken()).toEqual([]);
  await registeredTogether(references.slice(1));
  expect(await broken()).toEqual([doubled('safe-accommodation', ids.slice(1))]);
});

it('accepts two referrals of one person when each has an alert, and counts such people', async () => {
  const references = [randomUUID(), randomUUID()];
  const ids = await Promise.all(references.map((one) => referralOf(one, 'safe-accommodation')));
  await registeredTogether(references);
  await told(ids[0] ?? '');
  expect(await broken()).toEqual([doubled('safe-accommodation', ids)]);
  await told(ids[1] ?? '');
  expect(await broken()).toEqual([]);
  expect((await neverDoubled(reader)).map(({ statement }) => statement)).toContainEqual(
    expect.stringContaining('(of 1 people now)'),
  );
  await plantReferral('UPDATE alert SET resolved = true WHERE referral_id = $1', [ids[1]]);
  expect(await broken()).toEqual([doubled('safe-accommodation', ids)]);
});
