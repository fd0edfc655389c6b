import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { days, type Instant, after as later, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';

export type FromVault = EventOf<typeof topics.caseVaultForReferral>;

export const valid = { validFrom: new Date(monday), validUntil: new Date(later(monday, days(30))) };
export const granted = (
  caseReference: string,
  permissionId: string,
  excludedOrganisationIds: string[] = [],
): FromVault => ({
  $case: 'permissionGranted',
  value: {
    caseReference,
    permissionId,
    purpose: 'accommodation',
    ...valid,
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds,
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    },
  },
});

type World = Awaited<ReturnType<typeof referralDatabase>>;

/** `referral` on a real PostgreSQL with three shelters, and the events of the vault that it handles. For one spec file. */
export function vaultEvents() {
  let world: World;
  beforeAll(async () => {
    world = await referralDatabase();
  });
  afterAll(() => world.drop());
  beforeEach(() => world.setShelters(3));

  /** Each event happens a minute after the one before, unless its time is given; all are handled at once. */
  let happened = monday;
  const next = (): Instant => {
    happened = later(happened, minutes(1));
    return happened;
  };

  async function handleEvent(event: FromVault, at: Instant = next()): Promise<void> {
    const topic = topics.caseVaultForReferral;
    const apply = vaultSubscription(pack).read(typeOf(topic, event.$case), topic.encode(event));
    if (!apply) throw new Error(`${event.$case} has no handler`);
    const key = event.value.caseReference;
    await world.inTransaction((tx) =>
      apply(tx, { id: randomUUID(), key, sequence: 1, epoch: 1, at, now: monday }),
    );
  }

  const stateOf: World['stateOf'] = (id) => world.stateOf(id);
  const requestEmergency: World['requestEmergency'] = (at, members, details) =>
    world.requestEmergency(at, members, details);

  /** A referral whose only basis is the person's permission, which the vault has announced. */
  async function asksOnPermission() {
    const asked = await requestEmergency();
    const caseReference = (await stateOf(asked.referralId)).party[0]?.caseReference ?? '';
    const permissionId = randomUUID();
    await handleEvent(granted(caseReference, permissionId));
    return { ...asked, caseReference, permissionId };
  }

  const statuses = async (referralId: string) =>
    (await stateOf(referralId)).offers.map(({ status }) => status);
  const messagesToVault = async (key: string) =>
    (
      await world.database.query<{ type: string; value: Buffer }>(
        'SELECT type, value FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2 ORDER BY position',
        [topics.referralForCaseVault.name, key],
      )
    ).rows;

  return {
    next,
    handleEvent,
    stateOf,
    requestEmergency,
    asksOnPermission,
    statuses,
    messagesToVault,
    /** A message of the vault about this case waits unread. */
    quarantine: (key: string) =>
      world.database.query(
        `INSERT INTO quarantine (topic, key, reason) VALUES ($1, $2, 'unreadable')`,
        [topics.caseVaultForReferral.name, key],
      ),
  };
}
