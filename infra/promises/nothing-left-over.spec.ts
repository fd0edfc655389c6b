import { randomUUID } from 'node:crypto';
import { asAdmin } from '@opennrm/infra/local';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseReader, nothingLeftOver } from './index.ts';

const names = ['referral', 'shelter-capacity', 'case-vault'] as const;
type Name = (typeof names)[number];
const databases = new Map<string, TestDatabase>();
beforeAll(async () => {
  for (const name of names) databases.set(name, await testDatabase(name));
});
afterAll(() => Promise.all([...databases.values()].map((one) => one.drop())));
afterEach(async () => {
  await plant('referral', 'TRUNCATE referral, service, organisation CASCADE');
  await plant('shelter-capacity', 'TRUNCATE provider CASCADE');
  await plant('case-vault', 'TRUNCATE relation');
});

/** Writes as the role that owns the tables: data that the rules of the service would refuse. */
const plant = (name: Name, sql: string, values: unknown[] = []): Promise<unknown> =>
  asAdmin(databases.get(name)?.ownerUrl ?? '', (owner) => owner.query(sql, values));

const reader: DatabaseReader = {
  services: names,
  rows: async (service, sql) =>
    ((await databases.get(service)?.database.query(sql))?.rows ?? []) as never[],
  now: () => 0,
};

const broken = async (): Promise<string[]> =>
  (await nothingLeftOver(reader)).flatMap(({ violations }) => [...violations]);

interface Planted {
  readonly stage: string;
  /** Status of the one offer. */
  readonly offer: string;
  readonly isPlace?: boolean;
  readonly deskDeadline?: number;
  readonly group?: string;
  readonly excludedRegions?: readonly string[];
  readonly underEighteen?: string;
  readonly accreditedUntil?: number | null;
}

/** Writes a referral with one offer of a service for women in the region harbour. @returns the id of the offer and hold. */
async function referral({
  stage,
  offer,
  isPlace = false,
  deskDeadline,
  ...more
}: Planted): Promise<string> {
  const [id, offerId, serviceId, organisation] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  const state = {
    party: [{ underEighteen: more.underEighteen ?? 'no' }],
    stage: { name: stage, isHeld: true, ...(isPlace ? { offerId } : {}) },
    deskDeadline,
  };
  await plant(
    'referral',
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $1, 1, 0, $2, $3, 0, 0, 'safe-accommodation', $4, 1, $5)`,
    [id, state, stage, more.group ?? 'women', more.excludedRegions ?? []],
  );
  await plant('referral', `INSERT INTO organisation VALUES ($1, 'non-governmental', $1)`, [
    organisation,
  ]);
  const service = { region: 'harbour', criteria: { groups: ['women'], childLicence: false } };
  await plant(
    'referral',
    `INSERT INTO service (id, owner_org, version, generation, state, need, accredited_until) VALUES ($1, $2, 1, 0, $3, 'safe-accommodation', $4)`,
    [
      serviceId,
      organisation,
      service,
      more.accreditedUntil === undefined ? 1 : more.accreditedUntil,
    ],
  );
  await plant(
    'referral',
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, view) VALUES ($1, $2, $3, $4, $5, false, 1, '{}')`,
    [offerId, id, organisation, serviceId, offer],
  );
  return offerId;
}

const hold = (holdId: string, status: string): Promise<unknown> =>
  plant(
    'shelter-capacity',
    'INSERT INTO provider (id, owner_org, version, generation, state) VALUES ($1, $1, 1, 0, $2)',
    [randomUUID(), { sites: [], holds: [{ holdId: holdId.toUpperCase(), status, unitIds: [] }] }],
  );

const relation = (holdId: string, endedAt: number | null = null): Promise<unknown> =>
  plant(
    'case-vault',
    `INSERT INTO relation (hold_id, reference, organisation_id, service_id, service_class, region, purpose, stream_key, began_at, ended_at)
     VALUES ($1, gen_random_uuid(), $1, $1, 'safe-accommodation', 'harbour', 'accommodation', '', 0, $2)`,
    [holdId, endedAt],
  );

it('nothingLeftOver finds no violation in empty databases, nor where each stage has its place and relation', async () => {
  expect(await broken()).toEqual([]);
  await referral({ stage: 'searching', offer: 'open' });
  for (const stage of ['agreed', 'journey', 'journey-failed', 'appointment']) {
    const place = await referral({ stage, offer: 'confirmed', isPlace: true });
    await hold(place, 'confirmed');
    await relation(place);
  }
  const there = await referral({ stage: 'started', offer: 'confirmed', isPlace: true });
  await hold(there, 'stay');
  await relation(there);
  await referral({ stage: 'started', offer: 'confirmed', isPlace: true }); // their stay has ended
  await relation(await referral({ stage: 'withdrawn', offer: 'withdrawn' }), 5);
  expect(await broken()).toEqual([]);
});

describe.each(['started', 'withdrawn', 'refused', 'ended'])(
  'for a referral that is %s, nothingLeftOver',
  (stage) => {
    it.each(['holding', 'open', 'softened', 'standby', 'confirming'])(
      'finds an offer that is %s',
      async (offer) => {
        const id = await referral({ stage, offer });
        expect(await broken()).toEqual([`offer ${id} is ${offer}, its referral is ${stage}`]);
      },
    );

    it.each(['held', 'confirmed'])('finds a unit that is %s', async (status) => {
      const id = await referral({ stage, offer: 'withdrawn' });
      await hold(id, status);
      expect(await broken()).toEqual([`hold ${id} is ${status}, its referral is ${stage}`]);
    });
  },
);

it('nothingLeftOver finds a standby offer of an unplaced referral, except above the quota of emergencies', async () => {
  await referral({ stage: 'unplaced', offer: 'standby', deskDeadline: 9 });
  expect(await broken()).toEqual([]);
  const id = await referral({ stage: 'unplaced', offer: 'standby' });
  expect(await broken()).toEqual([expect.stringContaining(`offer ${id} is on standby`)]);
});

it.each<[string, Omit<Planted, 'stage' | 'offer'>]>([
  ['accreditation', { accreditedUntil: null }],
  ['group', { group: 'men' }],
  ['excluded area', { excludedRegions: ['lakes', 'harbour'] }],
  ['licence for children', { underEighteen: 'unsure' }],
])('nothingLeftOver finds a live offer that fails the rule: %s', async (rule, more) => {
  const id = await referral({ stage: 'searching', offer: 'open', ...more });
  expect(await broken()).toEqual([`offer ${id} is open, and fails the rule: ${rule}`]);
});

it.each([
  ['searching', 'yes', 'no', true],
  ['unplaced', 'unsure', 'no', true],
  ['searching', 'unsure', 'unsure', false],
  ['searching', 'no', 'unsure', false],
  ['searching', 'no', 'no', false],
  ['withdrawn', 'yes', 'no', false],
])(
  'nothingLeftOver compares under eighteen: referral %s, the vault has "%s", the referral has "%s", violation %s',
  async (stage, recorded, treated, isFound) => {
    const caseReference = randomUUID();
    const state = {
      party: [{ caseReference: caseReference.toUpperCase(), underEighteen: treated }],
    };
    await plant(
      'referral',
      `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $1, 1, 0, $2, $3, 0, 0, 'safe-accommodation', 'women', 1, '{}')`,
      [randomUUID(), state, stage],
    );
    await plant('referral', 'INSERT INTO case_basis VALUES ($1, $2)', [
      caseReference,
      { age: { underEighteen: recorded, at: 0 } },
    ]);
    expect(await broken()).toEqual(
      isFound ? [expect.stringContaining('treats a child as an adult')] : [],
    );
  },
);

it.each([
  [true, 1],
  [false, 0],
])(
  'nothingLeftOver finds a child who stays as an adult at the place where they arrived: stay %s, violations %i',
  async (hasHold, violations) => {
    const [caseReference, offerId] = [randomUUID(), randomUUID()];
    const state = {
      party: [{ caseReference, underEighteen: 'no' }],
      stage: { name: 'started', offerId },
      offers: [{ offerId, status: 'confirmed', hasHold }],
    };
    await plant(
      'referral',
      `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $1, 1, 0, $2, 'started', 0, 0, 'safe-accommodation', 'women', 1, '{}')`,
      [randomUUID(), state],
    );
    await plant('referral', 'INSERT INTO case_basis VALUES ($1, $2)', [
      caseReference,
      { age: { underEighteen: 'yes', at: 0 } },
    ]);
    const found = (await broken()).filter((one) => one.includes('treats a child as an adult'));
    expect(found).toHaveLength(violations);
  },
);

it('nothingLeftOver compares the newest age under any reference of the person', async () => {
  const [asked, other, person] = [randomUUID(), randomUUID(), randomUUID()];
  const state = { party: [{ caseReference: asked, underEighteen: 'no' }] };
  await plant(
    'referral',
    `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at, need, group_code, party_size, excluded_regions)
     VALUES ($1, $1, 1, 0, $2, 'searching', 0, 0, 'safe-accommodation', 'women', 1, '{}')`,
    [randomUUID(), state],
  );
  for (const [reference, underEighteen, at] of [
    [asked, 'no', 1],
    [other, 'yes', 2],
  ])
    await plant('referral', 'INSERT INTO case_basis VALUES ($1, $2)', [
      reference,
      { age: { underEighteen, at } },
    ]);
  expect(await broken()).toEqual([]);
  for (const reference of [asked, other])
    await plant('referral', 'INSERT INTO same_person VALUES ($1, $2)', [reference, person]);
  expect(await broken()).toEqual([expect.stringContaining('treats a child as an adult')]);
});

it('nothingLeftOver finds a confirmed place without a relation, and a relation without a place', async () => {
  const place = await referral({ stage: 'agreed', offer: 'confirmed', isPlace: true });
  const gone = await referral({ stage: 'searching', offer: 'lost' });
  await relation(gone);
  expect(await broken()).toEqual([
    `place ${place} has no relation`,
    `relation ${gone} has no place`,
  ]);
});
