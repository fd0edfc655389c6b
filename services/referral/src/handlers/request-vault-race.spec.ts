import { randomUUID } from 'node:crypto';
import { loadCountryPack } from '@opennrm/country/load';
import { asAdmin } from '@opennrm/infra/local';
import { Actor } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { CaseReference, MemberId, OrganisationId, ReferralId } from '../domain/need.ts';
import { onAgeChanged, onVaultEvent } from './on-vault-event.ts';
import { request } from './requests.ts';

const pack = await loadCountryPack('infra/countries/sample');
const now: Instant = instant(Date.UTC(2026, 0, 5, 10));
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('referral');
});
afterEach(() => asAdmin(test.ownerUrl, (owner) => owner.query('TRUNCATE referral CASCADE')));
afterAll(() => test.drop());

const RACES = 100;
/** Half of the connections: each race needs two. */
const AT_ONCE = 5;
const nothing = { regions: [], languages: [], specialisms: [] };
const need = {
  need: 'safe-accommodation',
  group: 'women',
  region: 'harbour',
  whereNow: 'office',
  excludedRegions: [],
  languages: [],
  accessibility: [],
  care: [],
  risks: [],
  medicalUrgency: undefined,
  funding: undefined,
  wishes: nothing,
};

function ask(caseReference: CaseReference): Promise<unknown> {
  const actor = new Actor(
    { person: randomUUID(), organisation: randomUUID(), role: 'caseworker' },
    (role) => role,
  );
  const asked = {
    referralId: randomUUID() as ReferralId,
    ownerOrg: actor.organisation as OrganisationId,
    requestedBy: actor.person,
    ...({ urgency: 'planned', need, basis: undefined, foundTogether: undefined } as const),
    party: [{ memberId: randomUUID() as MemberId, caseReference, underEighteen: 'no' as const }],
  };
  return test.database.transaction((tx) =>
    request(tx, pack, asked, { actor, at: now, rpc: 'RequestReferral' }),
  );
}

function recordBasis(caseReference: string): Promise<void> {
  const meta = { id: randomUUID(), key: caseReference, sequence: 1, epoch: 1, at: now, now };
  const basis = {
    basisId: randomUUID(),
    code: 'public-task',
    purpose: 'accommodation',
    validFrom: now,
    validUntil: instant(now + 1_000_000),
  };
  return test.database.transaction((tx) =>
    onVaultEvent(tx, pack, meta, caseReference, (known) => ({
      ...known,
      bases: [...known.bases, basis],
    })),
  );
}

function announceAge(caseReference: string): Promise<void> {
  const meta = { id: randomUUID(), key: caseReference, sequence: 1, epoch: 1, at: now, now };
  const age = { caseReference, recorded: { underEighteen: 'unsure' as const, at: now } };
  return test.database.transaction((tx) => onAgeChanged(tx, pack, meta, age));
}

/** As many races at the same moment as there are pairs of connections, so that no race waits for a connection. */
async function raceRequests(announce: (caseReference: string) => Promise<void>): Promise<void> {
  const queue = Array.from({ length: RACES }, () => randomUUID() as string as CaseReference);
  const racing = async (): Promise<void> => {
    for (let reference = queue.pop(); reference; reference = queue.pop())
      await Promise.all([ask(reference), announce(reference)]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, racing));
}

it('a request never waits for a basis that was announced at the same moment', async () => {
  await raceRequests(recordBasis);
  const { rows } = await test.database.query<{ stage: string; count: number }>(
    'SELECT stage, count(*)::int AS count FROM referral GROUP BY stage',
  );
  // The directory is empty: with the basis found, no service is left to ask.
  expect(rows).toEqual([{ stage: 'unplaced', count: RACES }]);
});

it('a request never treats as an adult a person whose age is announced as disputed at the same moment', async () => {
  await raceRequests(announceAge);
  const { rows } = await test.database.query<{ treated: string; count: number }>(
    `SELECT state->'party'->0->>'underEighteen' AS treated, count(*)::int AS count FROM referral GROUP BY 1`,
  );
  expect(rows).toEqual([{ treated: 'unsure', count: RACES }]);
});
