import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { hours, type Instant, instant, after as later } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromVault } from '../inbound/consumed.ts';
import { isPermitted } from './permissions.ts';

const noon: Instant = instant(Date.UTC(2026, 0, 5, 12));
const authority: string = randomUUID();
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

type FromVault = EventOf<typeof topics.caseVaultForIdentificationIntake>;

/** Handles an event of the vault, encoded as the vault does. */
async function receives(event: FromVault, sequence = 1): Promise<void> {
  const topic = topics.caseVaultForIdentificationIntake;
  const apply = fromVault.read(typeOf(topic, event.$case), topic.encode(event));
  if (!apply) throw new Error(`${event.$case} has no handler`);
  const key = event.value.caseReference;
  await test.database.transaction((tx) =>
    apply(tx, { id: randomUUID(), key, sequence, epoch: 1, at: noon, now: later(noon, 1_000) }),
  );
}

const granted = (
  caseReference: string,
  permissionId: string,
  organisationIds: string[] = [authority],
): FromVault => ({
  $case: 'permissionGranted',
  value: {
    caseReference,
    permissionId,
    organisationIds,
    validFrom: new Date(noon),
    validUntil: new Date(noon + hours(24)),
  },
});
const withdrawn = (caseReference: string, permissionId: string): FromVault => ({
  $case: 'permissionWithdrawn',
  value: { caseReference, permissionId },
});
const may = (reference: string, at = noon) =>
  test.database.transaction((tx) => isPermitted(tx, reference, authority, at));

it('a permission is valid from its first moment to its last, for the organisations that it names', async () => {
  const [one, other]: string[] = [randomUUID(), randomUUID()];
  await receives(granted(one ?? '', randomUUID()));
  await receives(granted(other ?? '', randomUUID(), [randomUUID()]));
  const at = [later(noon, -1), noon, later(noon, hours(24) - 1), later(noon, hours(24))];
  expect(await Promise.all(at.map((t) => may(one ?? '', t)))).toEqual([false, true, true, false]);
  expect(await may(other ?? '')).toBe(false);
});

it('a permission that is announced again with fewer receivers ends the access of the others', async () => {
  const [reference, permissionId] = [randomUUID(), randomUUID()];
  await receives(granted(reference, permissionId, [authority, randomUUID()]));
  await receives(granted(reference, permissionId, [randomUUID()]), 2);
  expect(await may(reference)).toBe(false);
});

it('a withdrawn permission stays withdrawn when its announcement arrives late, and another permission is valid', async () => {
  const [reference, permissionId] = [randomUUID(), randomUUID()];
  await receives(withdrawn(reference, permissionId));
  await receives(granted(reference, permissionId), 2);
  expect(await may(reference)).toBe(false);
  await receives(granted(reference, randomUUID()), 3);
  expect(await may(reference)).toBe(true);
});

it('a permission is separate for each reference of the same person', async () => {
  const [one, two, permissionId] = [randomUUID(), randomUUID(), randomUUID()];
  await receives(granted(one, permissionId));
  await receives(granted(two, permissionId));
  await receives(withdrawn(one, permissionId), 2);
  expect([await may(one), await may(two)]).toEqual([false, true]);
});

it('a permission is not valid while the stream of the case is in quarantine', async () => {
  const reference = randomUUID();
  await receives(granted(reference, randomUUID()));
  await test.database.query('INSERT INTO quarantine (topic, key, reason) VALUES ($1, $2, $3)', [
    topics.caseVaultForIdentificationIntake.name,
    reference,
    'gap',
  ]);
  expect(await may(reference)).toBe(false);
});

it('a withdrawal is acknowledged to the vault in the transaction that handles it, by this service’s own reference', async () => {
  const [reference, permissionId] = [randomUUID(), randomUUID()];
  await receives(withdrawn(reference, permissionId), 7);
  const { rows } = await test.database.query<{ type: string; value: Buffer }>(
    'SELECT type, value FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2',
    [topics.identificationIntakeForCaseVault.name, reference],
  );
  expect(rows.map(({ type }) => type)).toEqual([
    'opennrm.identification_intake.v1.WithdrawalAcknowledged',
  ]);
});

it('a permission does not cover a denied organisation until a new permission', async () => {
  const [reference, denialId]: string[] = [randomUUID(), randomUUID()];
  await receives(granted(reference ?? '', randomUUID()));
  const refuses = (organisationIds: string[], sequence: number) =>
    receives(
      {
        $case: 'denialRecorded',
        value: { caseReference: reference ?? '', denialId: denialId ?? '', organisationIds },
      },
      sequence,
    );
  await refuses([randomUUID()], 2);
  expect(await may(reference ?? '')).toBe(true);
  await refuses([authority, randomUUID()], 3);
  expect(await may(reference ?? '')).toBe(false);
  await refuses([], 4);
  expect(await may(reference ?? '')).toBe(true);
});

describe('the number of drafts that a withdrawal closes', () => {
  const drafts = (reference: string, stage: string, age: string) =>
    test.database.query(
      `INSERT INTO identification_file (id, owner_org, version, generation, state, stage)
       VALUES ($1, $2, 1, 1, $3, $4)`,
      [reference, randomUUID(), JSON.stringify({ procedure: { age, authority } }), stage],
    );
  const closedBy = async (reference: string, permissionId: string): Promise<number | undefined> => {
    await receives(withdrawn(reference, permissionId), 9);
    const { rows } = await test.database.query<{ value: Buffer }>(
      'SELECT value FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2',
      [topics.identificationIntakeForCaseVault.name, reference],
    );
    const acknowledgement = topics.identificationIntakeForCaseVault.decode(
      rows[0]?.value ?? Buffer.alloc(0),
    );
    return acknowledgement?.$case === 'withdrawalAcknowledged'
      ? acknowledgement.value.closed
      : undefined;
  };

  it.each([
    ['for the draft of an adult', 'draft', 'adult', 1],
    ['for the draft of a child, which needs no permission', 'draft', 'child', 0],
    ['for a referral that was sent', 'submitted', 'adult', 0],
  ])('is counted %s', async (_, stage, age, closed) => {
    const [reference, permissionId] = [randomUUID(), randomUUID()];
    await drafts(reference, stage, age);
    await receives(granted(reference, permissionId));
    expect(await closedBy(reference, permissionId)).toBe(closed);
  });

  it('is zero while another permission allows the draft, and when this permission never did', async () => {
    const [one, two, permissionId] = [randomUUID(), randomUUID(), randomUUID()];
    for (const reference of [one, two]) await drafts(reference, 'draft', 'adult');
    await receives(granted(one, permissionId));
    await receives(granted(one, randomUUID()), 2);
    await receives(granted(two, permissionId, [randomUUID()]));
    expect([await closedBy(one, permissionId), await closedBy(two, permissionId)]).toEqual([0, 0]);
  });
});
