import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { beginRebuild, headersOf, type Received, typeOf } from '@opennrm/messaging';
import { days, type Instant, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { applySlice, releaseStream } from '../../../../packages/messaging/src/inbox/apply.ts';
import manifest from '../../service.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';
import { checkAll } from './check-all.fixture.ts';

const topic = topics.caseVaultForReferral;
export type FromVault = EventOf<typeof topic>;
let offset = 0;
const message = (event: FromVault, sequence: number, at: Instant = monday): Received => ({
  topic: topic.name,
  partition: 0,
  offset: offset++,
  key: event.value.caseReference,
  headers: headersOf(topic.name, {
    id: randomUUID(),
    type: typeOf(topic, event.$case),
    at,
    key: event.value.caseReference,
    sequence,
    epoch: 1,
  }),
  value: topic.encode(event),
});
/** Each event of the stream, numbered from 1. */
export const stream = (...events: FromVault[]): Received[] =>
  events.map((event, nth) => message(event, nth + 1));
/** A copy of a message as a replay sends it: same headers, new place in the partition. */
export const again = (one: Received): Received => ({ ...one, offset: offset++ });

export const age = (
  caseReference: string,
  underEighteen: string,
  at: Instant = monday,
  code = 'age-recorded',
): FromVault => ({
  $case: 'ageChanged',
  value: {
    caseReference,
    code,
    underEighteen,
    recordedAt: underEighteen === '' ? undefined : new Date(at),
  },
});
export const registered = (caseReference: string, ...sameCaseReferences: string[]): FromVault => ({
  $case: 'referenceRegistered',
  value: { caseReference, sameCaseReferences },
});
const valid = { validFrom: new Date(monday), validUntil: new Date(later(monday, days(30))) };
export const basis = (caseReference: string, basisId: string = randomUUID()): FromVault => ({
  $case: 'basisRecorded',
  value: { caseReference, basisId, code: 'duty-of-care', purpose: 'accommodation', ...valid },
});
export const granted = (caseReference: string, permissionId: string = randomUUID()): FromVault => ({
  $case: 'permissionGranted',
  value: {
    caseReference,
    permissionId,
    purpose: 'accommodation',
    ...valid,
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds: [],
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    },
  },
});
export const withdrawn = (caseReference: string, permissionId: string): FromVault => ({
  $case: 'permissionWithdrawn',
  value: { caseReference, permissionId },
});

/** `referral` on a real PostgreSQL with three shelters, which receives numbered messages of the vault. For one spec file. */
export function vaultStreams() {
  let world: Awaited<ReturnType<typeof referralDatabase>>;
  beforeAll(async () => {
    world = await referralDatabase();
  });
  afterAll(() => world.drop());
  beforeEach(async () => {
    for (const table of ['quarantine', 'parked', 'inbox'])
      await world.database.query(`DELETE FROM ${table}`);
    await world.setShelters(3);
  });
  /** The reviews that the messages scheduled, as the timers of the running service do them. */
  const reviewPeople = () => checkAll(world.database, monday);
  const arrive = (slice: readonly Received[], now: Instant = monday) =>
    world
      .inTransaction((tx) => applySlice(tx, vaultSubscription(pack), slice, now))
      .then(reviewPeople);
  const rebuild = () =>
    world.inTransaction(async (tx) => {
      await beginRebuild(tx, topic.name);
      for (const { empty } of manifest.projections['opennrm.case-vault.referral.v1'])
        await tx.query(empty);
    });
  const isQuarantined = async (key: string) =>
    (await world.database.query('SELECT 1 FROM quarantine WHERE key = $1', [key])).rows.length > 0;
  const treated = async (referralId: string) =>
    (await world.stateOf(referralId)).party.map(({ underEighteen }) => underEighteen);
  const statuses = async (referralId: string) =>
    (await world.stateOf(referralId)).offers.map(({ status, code }) =>
      [status, code].filter(Boolean).join(' '),
    );
  const acknowledgements = async (key: string) =>
    (
      await world.database.query('SELECT 1 FROM journal WHERE topic = $1 AND key = $2', [
        topics.referralForCaseVault.name,
        key,
      ])
    ).rows.length;
  const heldAt = async (referralId: string, now = monday) => {
    const [first] = (await world.stateOf(referralId)).offers;
    await world.applyDecision(referralId, now, (r, k) => unitHeld(r, first?.offerId ?? '', k));
  };
  const ask = async (
    caseReference: string,
    underEighteen: 'no' | 'yes' | 'unsure' = 'no',
    at = monday,
  ) => (await world.requestEmergency(at, 1, { under: [caseReference], underEighteen })).referralId;

  return {
    world: () => world,
    arrive,
    reviewPeople,
    /** An operator lets the waiting messages be tried again. */
    release: (key: string) =>
      world
        .inTransaction((tx) => releaseStream(tx, vaultSubscription(pack), key, false, monday))
        .then(reviewPeople),
    /** An operator gives up the first message that waits, or the rest of a rebuild. */
    skip: (key: string) =>
      world
        .inTransaction((tx) => releaseStream(tx, vaultSubscription(pack), key, true, monday))
        .then(reviewPeople),
    rebuild,
    isQuarantined,
    treated,
    statuses,
    acknowledgements,
    heldAt,
    ask,
  };
}
