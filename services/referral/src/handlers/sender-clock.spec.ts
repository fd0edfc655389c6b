import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { days, type Instant, after as later, seconds } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseBasis } from '../domain/matching/basis.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { providerSubscriptions, vaultSubscription } from '../inbound/consumed.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

/** It happened at `at` by the clock of the sender; this service receives it on Monday. */
const metaOf = (key: string, at: Instant) => ({
  id: randomUUID(),
  key,
  sequence: 1,
  epoch: 1,
  at,
  now: monday,
});

async function grant(caseReference: string, validFrom: Instant, at: Instant): Promise<void> {
  const topic = topics.caseVaultForReferral;
  const event = {
    $case: 'permissionGranted' as const,
    value: {
      caseReference,
      permissionId: randomUUID(),
      purpose: 'accommodation',
      validFrom: new Date(validFrom),
      validUntil: new Date(later(monday, days(30))),
      receivers: {
        excludedRegions: [],
        excludedOrganisationIds: [],
        organisationIds: [],
        serviceClasses: ['safe-accommodation'],
      },
    },
  };
  const apply = vaultSubscription(pack).read(typeOf(topic, event.$case), topic.encode(event));
  await world.inTransaction(async (tx) => void (await apply?.(tx, metaOf(caseReference, at))));
}

/** From when the permission counts, in the records of this service. */
async function countsFrom(validFrom: Instant, at: Instant): Promise<Instant | undefined> {
  const caseReference = randomUUID();
  await grant(caseReference, validFrom, at);
  const { rows } = await world.database.query<{ state: CaseBasis }>(
    'SELECT state FROM case_basis WHERE case_reference = $1',
    [caseReference],
  );
  return rows[0]?.state.permissions[0]?.validFrom;
}

it("a permission that was valid when it was granted is valid at once, although the sender's clock is ahead", async () => {
  const ahead = later(monday, seconds(4));
  expect(await countsFrom(ahead, ahead)).toBe(monday);
});

it('a permission that begins later begins at its stated time', async () => {
  const tomorrow = later(monday, days(1));
  expect(await countsFrom(tomorrow, later(monday, seconds(4)))).toBe(tomorrow);
});

it("the time of a report of free units is taken from this service's clock, not from the provider's", async () => {
  const topic = topics.shelterCapacityForReferral;
  const [shelter] = await world.setShelters(1);
  const serviceId = shelter?.serviceId ?? '';
  const ahead = later(monday, days(1));
  const value = { serviceId, unitKind: 'bed', free: 9, asOf: new Date(ahead), causedByHoldId: '' };
  const [shelters] = providerSubscriptions(pack);
  const apply = shelters?.read(
    typeOf(topic, 'capacityChanged'),
    topic.encode({ $case: 'capacityChanged', value }),
  );
  await world.inTransaction(async (tx) => void (await apply?.(tx, metaOf(serviceId, ahead))));
  const { rows } = await world.database.query(
    'SELECT as_of::float, increased_at::float FROM capacity_hint WHERE service_id = $1',
    [serviceId],
  );
  expect(rows).toEqual([{ as_of: monday, increased_at: monday }]);
});
