import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { hours, type Instant, after as later, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, noon, type Subject, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import { alertsOf } from './deadlines.fixture.ts';
import { onTimePasses } from './on-time-passes.ts';
import * as openings from './openings.ts';
import * as person from './person.ts';
import * as withdrawals from './withdrawals.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());
const passes = ({ caseId }: Subject, now: Instant) =>
  vault.inTransaction((tx) => onTimePasses(vault.pack)(tx, caseId, now));
const alertsFor = (role: string, subject: Subject) => alertsOf(vault, role, subject);
const withdraws = (
  { caseId, owner }: Subject,
  permissionId: string,
  channel: 'in-person' | 'telephone' = 'in-person',
) =>
  vault.inTransaction((tx) =>
    withdrawals.withdraw(tx, vault.pack, { caseId, permissionId, channel }, callOf(owner)),
  );
const finds = async ({ caseId, owner }: Subject, permissionId: string) => {
  const given = await vault.inTransaction((tx) =>
    withdrawals.find(tx, vault.pack, { caseId, permissionId }, callOf(owner)),
  );
  if (given.kind === 'refused') throw new Error(given.refusal);
  return given.response;
};
const nextTimer = async ({ caseId }: Subject): Promise<Instant | undefined> =>
  (
    await vault.database.query<{ due: Instant }>(
      "SELECT t.due FROM timers t JOIN case_file f ON f.id = t.aggregate_id AND f.generation = t.generation WHERE t.aggregate = 'case_file' AND t.aggregate_id = $1",
      [caseId],
    )
  ).rows[0]?.due;

describe('a withdrawal that a service must acknowledge', () => {
  const answers = (reference: string, permissionId: string) =>
    vault.fromReferral(
      {
        $case: 'withdrawalAcknowledged',
        value: { caseReference: reference, permissionId, withdrawnCount: 3 },
      },
      reference,
    );

  it('has a timer from its own transaction until the last acknowledgement', async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await withdraws(subject, permissionId);
    expect(await nextTimer(subject)).toBe(later(noon, minutes(15)));
    await answers(subject.reference, permissionId);
    expect(await nextTimer(subject)).toBeUndefined();
    const { withdrawal, acknowledgedBy } = await finds(subject, permissionId);
    expect(withdrawal.audiences).toMatchObject([{ service: 'referral', closed: 3 }]);
    expect(acknowledgedBy).toBeUndefined();
  });

  it('alerts the data protection officer after its deadline, until it is acknowledged', async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await withdraws(subject, permissionId);
    await passes(subject, later(noon, minutes(15)));
    expect(await alertsFor('data-protection-officer', subject)).toEqual(['acknowledgement']);
    expect(await alertsFor('caseworker', subject)).toEqual([]);
    expect(await nextTimer(subject)).toBe(later(noon, minutes(30)));
    await answers(subject.reference, permissionId);
    await answers(subject.reference, permissionId);
    expect(await alertsFor('data-protection-officer', subject)).toEqual([]);
  });

  it('is not changed by an acknowledgement before it or under an unknown reference', async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await answers(subject.reference, permissionId);
    await answers(randomUUID(), permissionId);
    await withdraws(subject, permissionId);
    const { audiences } = (await finds(subject, permissionId)).withdrawal;
    expect(audiences.map(({ acknowledgedAt }) => acknowledgedAt)).toEqual([undefined]);
  });

  it('is published once for each reference when it is repeated', async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await withdraws(subject, permissionId);
    await withdraws(subject, permissionId);
    const { rows } = await vault.database.query<{ type: string }>(
      'SELECT type FROM journal WHERE topic = $1 AND key = $2 ORDER BY position',
      [topics.caseVaultForReferral.name, subject.reference],
    );
    expect(rows.map(({ type }) => type.split('.').at(-1))).toEqual([
      'ReferenceRegistered',
      'PermissionGranted',
      'PermissionWithdrawn',
    ]);
  });
});

describe('several people at the same moment', () => {
  it('confirm one opening once', async () => {
    const subject = await vault.opened();
    const openingId = randomUUID();
    const ask = { openingId, reason: 'missing', sections: ['health'], lifeAtRisk: false };
    const hospital: string = randomUUID();
    await vault.inTransaction((tx) =>
      openings.open(
        tx,
        vault.pack,
        { ...ask, caseId: subject.caseId, holdId: undefined, personId: undefined },
        callOf(hospital),
      ),
    );
    const confirmed = await Promise.all(
      Array.from({ length: 8 }, () =>
        vault.inTransaction((tx) =>
          openings.confirm(tx, vault.pack, openingId, callOf(hospital, later(noon, 1))),
        ),
      ),
    );
    expect(confirmed.filter(({ kind }) => kind === 'answer')).toHaveLength(1);
    expect(
      confirmed.filter((one) => one.kind === 'refused' && one.refusal === 'already-confirmed'),
    ).toHaveLength(7);
    expect(await nextTimer(subject)).toBe(later(noon, hours(4) + 1));
  });

  it('withdraw one permission once', async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await Promise.all(
      Array.from({ length: 8 }, () => withdraws(subject, permissionId, 'telephone')),
    );
    const { rowCount } = await vault.database.query(
      "SELECT 1 FROM journal WHERE aggregate_id = $1 AND type = 'PermissionWithdrawn'",
      [subject.caseId],
    );
    expect(rowCount).toBe(1);
  });
});

it('an opening under the id of an opening of another file is refused without naming that file', async () => {
  const [one, two] = [await vault.opened(), await vault.opened()];
  const openingId = randomUUID();
  const hospital: string = randomUUID();
  const opens = ({ caseId }: Subject) =>
    vault.inTransaction((tx) =>
      openings.open(
        tx,
        vault.pack,
        {
          openingId,
          reason: 'missing',
          sections: ['health'],
          lifeAtRisk: true,
          caseId,
          holdId: undefined,
          personId: undefined,
        },
        callOf(hospital),
      ),
    );
  expect(await opens(one)).toMatchObject({ kind: 'answer', response: { openUntil: undefined } });
  expect(await opens(two)).toMatchObject({
    kind: 'refused',
    refusal: 'already-exists',
    field: 'opening_id',
  });
});

describe('the record of a call back', () => {
  const calls = (
    { caseId }: Subject,
    permissionId: string,
    more: object,
    as: ReturnType<typeof callOf>,
  ) =>
    vault.inTransaction((tx) =>
      withdrawals.recordCallBack(
        tx,
        vault.pack,
        {
          caseId,
          permissionId,
          outcome: 'confirmed',
          channel: 'telephone',
          localTime: '10:00',
          ...more,
        },
        as,
      ),
    );
  const withdrawnByTelephone = async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await withdraws(subject, permissionId, 'telephone');
    const rules = [{ channel: 'telephone', from: '09:00', until: '12:00', mayLeaveMessage: false }];
    await vault.inTransaction((tx) =>
      person.setContact(tx, vault.pack, subject.caseId, rules, callOf(subject.owner)),
    );
    return { subject, permissionId };
  };

  it('is refused for a channel or an hour that the person did not call safe', async () => {
    const { subject, permissionId } = await withdrawnByTelephone();
    const own = callOf(subject.owner);
    for (const more of [{ localTime: '20:00' }, { channel: 'letter' }])
      expect(await calls(subject, permissionId, more, own)).toMatchObject({
        refusal: 'channel-not-safe',
      });
    expect(await calls(subject, permissionId, {}, own)).toMatchObject({ kind: 'answer' });
  });

  it('is accepted from the country’s coordinators, and not-found for another organisation', async () => {
    const { subject, permissionId } = await withdrawnByTelephone();
    const tried = { outcome: 'not-reached', channel: '' };
    expect(await calls(subject, permissionId, tried, callOf(randomUUID()))).toMatchObject({
      refusal: 'not-found',
    });
    const coordinator = callOf(vault.deskHolderOf('coordinator'), noon, 'coordinator');
    expect(await calls(subject, permissionId, tried, coordinator)).toMatchObject({
      kind: 'answer',
    });
    expect(await alertsFor('coordinator', subject)).toEqual(['call-back']);
  });
});
