import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { systemAuthor } from '@opennrm/messaging';
import { Actor, type Transaction } from '@opennrm/runtime';
import { after, hours, type Instant, instant, minutes } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { accredit, registerService } from '../domain/directory.ts';
import type {
  CaseReference,
  MemberId,
  OrganisationId,
  ReferralId,
  Urgency,
} from '../domain/need.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, need, pack, service } from '../domain/saga.fixture.ts';
import { directory } from '../outbound/directory.ts';
import { decideWithKnowledge } from '../outbound/knowledge.ts';
import { OFFERS_BEGIN, type OfferPosition, openOffers } from '../outbound/reads.ts';
import { changeReferral } from './change-referral.ts';
import { onCapacityChanged } from './on-capacity-changed.ts';
import { onDeadlineDue } from './on-deadline-due.ts';
import { onVaultEvent } from './on-vault-event.ts';
import { request } from './requests.ts';
import { wakeAll } from './wake-all.fixture.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('referral');
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.database.query(`UPDATE service SET accredited_until = NULL`);
  await test.database.query(
    `UPDATE referral SET stage = 'ended', asked_count = NULL WHERE stage <> 'ended'`,
  );
});

const metaOf = (now: Instant, key: string) => ({
  id: randomUUID(),
  key,
  sequence: 1,
  epoch: 1,
  at: now,
  now,
});
const recordBasis = (reference: CaseReference) =>
  test.database.transaction((tx) =>
    onVaultEvent(tx, pack, metaOf(monday, reference), reference, (known) => ({
      ...known,
      bases: [
        {
          basisId: randomUUID(),
          code: 'public-task',
          purpose: 'accommodation',
          validFrom: instant(monday - hours(9)),
          validUntil: after(monday, hours(999)),
        },
      ],
    })),
  );

const ask = (urgency: Urgency, at: Instant): Promise<string> =>
  test.database.transaction((tx) => askIn(tx, urgency, at));

async function askIn(tx: Transaction, urgency: Urgency, at: Instant): Promise<string> {
  const caseReference = randomUUID() as string as CaseReference;
  if (urgency !== 'emergency') await recordBasis(caseReference);
  const actor = new Actor(
    { person: randomUUID(), organisation: randomUUID(), role: 'caseworker' },
    (role) => role,
  );
  const referralId = randomUUID() as string as ReferralId;
  const basis = urgency === 'emergency' ? 'vital-interest' : undefined;
  const party = [
    { memberId: randomUUID() as string as MemberId, caseReference, underEighteen: 'no' as const },
  ];
  const asked = {
    referralId,
    ownerOrg: actor.organisation as OrganisationId,
    requestedBy: actor.person,
    urgency,
    need,
    party,
    basis,
    foundTogether: undefined,
  };
  await request(tx, pack, asked, { actor, at, rpc: 'spec' });
  return referralId;
}

async function openService(): Promise<ReturnType<typeof service>> {
  const one = service('by-offer', {
    serviceId: randomUUID() as never,
    organisationId: randomUUID() as never,
  });
  const {
    hint: _hint,
    openOffers: _open,
    unansweredLately: _late,
    accreditedUntil: _until,
    ...entry
  } = one;
  const context = { at: monday, author: systemAuthor };
  await test.database.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO organisation (id, kind, registered_by) VALUES ($1, 'private', $1)`,
      [one.organisationId],
    );
    await directory.create(tx, one.serviceId, registerService(entry, monday), context);
    await directory.change(tx, one.serviceId, context, (known) =>
      accredit(known, after(monday, hours(999)), monday),
    );
  });
  return one;
}

const reportsFree = (tx: Transaction, serviceId: string, units: number, now: Instant) =>
  onCapacityChanged(tx, metaOf(now, serviceId), {
    serviceId,
    unitKind: 'bed',
    free: units,
    asOf: now,
    causedByHoldId: undefined,
  });

const free = async (serviceId: string, units: number, now: Instant): Promise<void> => {
  await test.database.transaction((tx) => reportsFree(tx, serviceId, units, now));
  await wakeAll(test.database, now);
};

const searching = async (ids: readonly string[]): Promise<string[]> =>
  (
    await test.database.query<{ id: string }>(
      `SELECT id FROM referral WHERE stage = 'searching' AND id = ANY ($1::uuid[])`,
      [ids],
    )
  ).rows.map((row) => row.id);

it('freed units wake as many referrals as units: the more urgent first, then those that have waited longest', async () => {
  const later = await ask('emergency', after(monday, minutes(30)));
  const planned = await ask('planned', monday);
  const first = await ask('emergency', monday);
  const urgent = await ask('urgent', monday);
  const one = await openService();
  await free(one.serviceId, 2, after(monday, hours(1)));
  expect((await searching([later, planned, first, urgent])).sort()).toEqual([first, later].sort());
});

it('an unplaced referral finds within a minute a unit that became free in a concurrent transaction', async () => {
  const one = await openService();
  await free(one.serviceId, 0, monday);
  const unplaced = await test.database.transaction(async (tx) => {
    const referralId = await askIn(tx, 'emergency', monday);
    await test.database.transaction((other) => reportsFree(other, one.serviceId, 1, monday));
    await wakeAll(test.database, monday);
    return referralId;
  });
  expect(await searching([unplaced])).toEqual([]);
  await test.database.transaction((tx) =>
    onDeadlineDue(pack)(tx, unplaced, after(monday, minutes(1))),
  );
  expect(await searching([unplaced])).toEqual([unplaced]);
});

it('a number of free units that falls wakes no referral', async () => {
  const one = await openService();
  await free(one.serviceId, 3, monday);
  await test.database.query('UPDATE service SET accredited_until = NULL');
  const waiting = await ask('emergency', monday);
  await test.database.query('UPDATE service SET accredited_until = $1', [
    after(monday, hours(999)),
  ]);
  await free(one.serviceId, 1, after(monday, hours(1)));
  expect(await searching([waiting])).toEqual([]);
});

it('a reference with a quarantined stream counts as without permission', async () => {
  const reference = randomUUID() as string as CaseReference;
  const receivers = {
    excludedRegions: [],
    excludedOrganisationIds: [],
    organisationIds: [],
    serviceClasses: ['safe-accommodation'],
  };
  const permission = {
    permissionId: randomUUID(),
    purpose: 'accommodation',
    validFrom: monday,
    validUntil: after(monday, hours(9)),
    receivers,
  };
  await test.database.transaction((tx) =>
    onVaultEvent(tx, pack, metaOf(monday, reference), reference, (known) => ({
      ...known,
      permissions: [permission],
    })),
  );
  const permissions = async () =>
    test.database.transaction((tx) =>
      decideWithKnowledge(
        tx,
        pack,
        monday,
        [reference],
        ({ bases }) => bases.get(reference)?.permissions,
      ),
    );
  expect(await permissions()).toHaveLength(1);
  await test.database.query('INSERT INTO quarantine (topic, key, reason) VALUES ($1, $2, $3)', [
    topics.caseVaultForReferral.name,
    reference,
    'gap',
  ]);
  expect(await permissions()).toEqual([]);
});

it('a provider lists only the open offers of its own organisation, page by page', async () => {
  const [one, other] = [await openService(), await openService()];
  const ids = await Promise.all([ask('emergency', monday), ask('emergency', monday)]);
  for (const referralId of ids) {
    await test.database.transaction(async (tx) => {
      const { rows } = await tx.query<{ offer_id: string }>(
        'SELECT offer_id FROM offer WHERE referral_id = $1',
        [referralId],
      );
      for (const { offer_id } of rows)
        await changeReferral(tx, pack, monday, systemAuthor, referralId, (referral, knowledge) =>
          unitHeld(referral, offer_id, knowledge),
        );
    });
  }
  const page = (organisation: string, size: number, from: OfferPosition = OFFERS_BEGIN) =>
    test.database.transaction((tx) => openOffers(tx, organisation, from, size));
  const all = await page(one.organisationId, 10);
  expect(all).toHaveLength(2);
  expect(all.every((row) => row.service_id === one.serviceId)).toBe(true);
  const [first] = await page(one.organisationId, 1);
  const rest = { madeAt: first?.made_at ?? 0, id: first?.offer_id ?? '' };
  expect(await page(one.organisationId, 10, rest)).toEqual(all.slice(1));
  expect(await page(randomUUID(), 10)).toEqual([]);
  expect(await page(other.organisationId, 10)).toHaveLength(2);
});
