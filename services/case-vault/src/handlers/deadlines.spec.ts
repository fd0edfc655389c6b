import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { days, hours, type Instant, after as later, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { warningsOf } from '../domain/person/warnings.ts';
import { callOf, noon, type Subject, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as alerts from './alerts.ts';
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
const alertsFor = async (role: string, { caseId, owner }: Subject) => {
  const first = { at: 0, caseId: '00000000-0000-0000-0000-000000000000', about: '', code: '' };
  const rows = await vault.inTransaction((tx) =>
    alerts.list(tx, vault.pack, first, 200, callOf(vault.bodyOf(role) || owner, noon, role)),
  );
  return rows.filter((one) => one.case_id === caseId).map(({ code }) => code);
};
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

describe('a withdrawal that a service must answer', () => {
  const answers = (reference: string, permissionId: string) =>
    vault.fromReferral(
      {
        $case: 'withdrawalAcknowledged',
        value: { caseReference: reference, permissionId, withdrawnCount: 3 },
      },
      reference,
    );

  it('has a clock in the transaction that withdraws, which ends with the last answer', async () => {
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

  it('is told to the data protection officer when it is not answered, and no more when it is', async () => {
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

  it('answered by who was never told, or under a reference of nobody, changes nothing', async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await answers(subject.reference, permissionId);
    await answers(randomUUID(), permissionId);
    await withdraws(subject, permissionId);
    const { audiences } = (await finds(subject, permissionId)).withdrawal;
    expect(audiences.map(({ acknowledgedAt }) => acknowledgedAt)).toEqual([undefined]);
  });

  it('is told to the service once for each reference, in the order in which it was said', async () => {
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

describe('a child’s eighteenth birthday', () => {
  const says = async (
    subject: Subject,
    age: 'child' | 'adult' | 'disputed',
    eighteenAt: Instant | undefined,
  ) =>
    vault.inTransaction((tx) =>
      person.age(
        tx,
        vault.pack,
        { caseId: subject.caseId, age, eighteenAt },
        callOf(subject.owner),
      ),
    );
  const due = async ({ caseId }: Subject): Promise<Instant | undefined> =>
    (
      await vault.database.query<{ due: Instant }>(
        "SELECT t.due FROM timers t JOIN coming_of_age c ON c.id = t.aggregate_id AND c.generation = t.generation WHERE t.aggregate = 'coming_of_age' AND c.id = $1",
        [caseId],
      )
    ).rows[0]?.due;
  const comes = ({ caseId }: Subject, now: Instant) =>
    vault.inTransaction((tx) => person.onComingOfAge(vault.pack)(tx, caseId, now));

  it('has its warnings in the order of the country, and then the day itself', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(400));
    await says(subject, 'child', birthday);
    const warnings: (Instant | undefined)[] = [];
    for (let next = await due(subject); next !== undefined; next = await due(subject)) {
      warnings.push(next);
      await comes(subject, next);
    }
    expect(warnings).toEqual([
      ...warningsOf(birthday, [days(180), days(30)], vault.pack.timeZone),
      birthday,
    ]);
    expect(await alertsFor('caseworker', subject)).toEqual([
      'comes-of-age',
      'comes-of-age',
      'came-of-age',
    ]);
  });

  it('known late is warned of once, at once', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(3));
    await says(subject, 'child', birthday);
    expect(await due(subject)).toBe(noon);
    await comes(subject, noon);
    expect([await alertsFor('caseworker', subject), await due(subject)]).toEqual([
      ['comes-of-age'],
      birthday,
    ]);
  });

  it('stands in no journal and in no message before it comes: from a warning nobody learns the day', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(277) + 4_321);
    await says(subject, 'child', birthday);
    const warned = await due(subject);
    await comes(subject, warned ?? noon);
    const { rows } = await vault.database.query<{ at: number; line: string }>(
      'SELECT at, to_jsonb(j)::text AS line FROM journal j WHERE aggregate_id = $1',
      [subject.caseId],
    );
    expect(rows.filter(({ line }) => line.includes(String(birthday)))).toEqual([]);
    expect(rows.map(({ at }) => at)).toContain(warned);
    expect(rows.map(({ at }) => (birthday - at) % days(1)).slice(-1)).not.toEqual([0]);
  });

  it('that came is in the journal as a change of the decision maker, without a date of birth', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(3));
    await says(subject, 'child', birthday);
    await comes(subject, noon);
    await comes(subject, birthday);
    const { rows } = await vault.database.query<{ type: string; line: string }>(
      'SELECT type, to_jsonb(j)::text AS line FROM journal j WHERE aggregate_id = $1 AND at >= $2',
      [subject.caseId, birthday],
    );
    expect(rows.map(({ type }) => type)).toContain('CameOfAge');
    expect(rows.filter(({ line }) => /birth|eighteenAt/.test(line))).toEqual([]);
  });

  it('makes nobody an adult whose age was disputed meanwhile: the day is told to somebody, and forgotten', async () => {
    const subject = await vault.opened();
    const birthday = later(noon, days(3));
    await says(subject, 'child', birthday);
    await says(subject, 'disputed', undefined);
    await comes(subject, birthday);
    expect(await alertsFor('caseworker', subject)).toEqual(['eighteen-age-in-doubt']);
    expect(await due(subject)).toBeUndefined();
    const permits = vault.permits(
      subject,
      'health',
      { validUntil: later(birthday, days(9)) },
      later(birthday, 1),
    );
    await expect(permits).rejects.toThrow('guardian-needed');
  });

  it('of one who is determined to be an adult is forgotten; and an age that the day contradicts is refused', async () => {
    const subject = await vault.opened();
    expect(await says(subject, 'adult', later(noon, days(9)))).toMatchObject({
      refusal: 'age-and-birth-date-differ',
    });
    await says(subject, 'child', later(noon, days(9)));
    await says(subject, 'adult', undefined);
    expect(await due(subject)).toBeUndefined();
    await comes(subject, later(noon, days(9)));
    expect(await alertsFor('caseworker', subject)).toEqual([]);
  });
});

describe('two people at the same moment', () => {
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

  it('withdraw one permission once: one deadline, one message', async () => {
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

it('an id under which another file was opened is taken, and that is all that is said', async () => {
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

describe('a call back', () => {
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
  const rang = async () => {
    const subject = await vault.opened();
    const permissionId = await vault.permits(subject, 'health');
    await withdraws(subject, permissionId, 'telephone');
    const rules = [{ channel: 'telephone', from: '09:00', until: '12:00', mayLeaveMessage: false }];
    await vault.inTransaction((tx) =>
      person.setContact(tx, vault.pack, subject.caseId, rules, callOf(subject.owner)),
    );
    return { subject, permissionId };
  };

  it('is by a channel and at an hour that the person called safe', async () => {
    const { subject, permissionId } = await rang();
    const own = callOf(subject.owner);
    for (const more of [{ localTime: '20:00' }, { channel: 'letter' }])
      expect(await calls(subject, permissionId, more, own)).toMatchObject({
        refusal: 'channel-not-safe',
      });
    expect(await calls(subject, permissionId, {}, own)).toMatchObject({ kind: 'answer' });
  });

  it('is recorded by the country’s coordinators, on whose desk it is, and by nobody else of another organisation', async () => {
    const { subject, permissionId } = await rang();
    const tried = { outcome: 'not-reached', channel: '' };
    expect(await calls(subject, permissionId, tried, callOf(randomUUID()))).toMatchObject({
      refusal: 'not-found',
    });
    const coordinator = callOf(vault.bodyOf('coordinator'), noon, 'coordinator');
    expect(await calls(subject, permissionId, tried, coordinator)).toMatchObject({
      kind: 'answer',
    });
    expect(await alertsFor('coordinator', subject)).toEqual(['call-back']);
  });
});
