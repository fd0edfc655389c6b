import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Call, type Transaction } from '@opennrm/runtime';
import { days, type Instant, instant, after as later } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../domain/formal-process/deciding.ts';
import { takeUp, withdrawProcess } from '../domain/formal-process/referring.ts';
import { shown } from '../inbound/grpc/identification-state.ts';
import { listProcedures, NEVER } from '../outbound/procedure-list.ts';
import { rememberReference } from '../outbound/references.ts';
import { adopt } from './adopting.ts';
import type { CountryData } from './country-data.ts';
import { onTimePasses } from './on-time-passes.ts';
import { begin, change, isBarred, read, submit } from './procedures.ts';

const current = await loadCountryPack('infra/countries/sample');
const country: CountryData = {
  packs: { current, byId: () => Promise.resolve(current) },
  lists: new Map(),
};
const [AUTHORITY, ENFORCING] = current.identification.authorities.map(
  (one) => one.organisationId,
) as [string, string];
const PURPOSE = 'identification-decision';
const noon: Instant = instant(Date.UTC(2026, 0, 5, 12));
let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('identification-intake');
});
afterAll(() => test.drop());

const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
  test.database.transaction(work);
const callOf = (organisation: string, role: string, at = noon): Call => ({
  actor: new Actor({ person: randomUUID(), organisation, role }, desksOf(current)),
  at,
  rpc: 'spec',
});
const officer = callOf(AUTHORITY, 'competent-authority');

async function drafted(
  referrer: Call,
  caseReference: string,
  authorityId = AUTHORITY,
): Promise<string> {
  const processId: string = randomUUID();
  await inTransaction((tx) => rememberReference(tx, caseReference));
  const given = await inTransaction((tx) =>
    begin(tx, country, { processId, caseReference, authorityId, age: 'child' }, referrer),
  );
  if (given.kind === 'refused') throw new Error(given.refusal);
  return processId;
}
async function sent(referrer: Call, caseReference: string = randomUUID()) {
  const processId = await drafted(referrer, caseReference);
  await inTransaction((tx) => submit(tx, country, processId, false, referrer));
  await inTransaction((tx) =>
    change(tx, country, processId, officer, (procedure) => takeUp(procedure, officer.actor)),
  );
  return { processId, caseReference };
}
const withdraws = (processId: string, call: Call) =>
  inTransaction((tx) =>
    change(tx, country, processId, call, (procedure) =>
      withdrawProcess(procedure, call.actor.person),
    ),
  );
const reads = (processId: string, call: Call) =>
  inTransaction((tx) => read(tx, country, processId, PURPOSE, call));
const proposes = (processId: string) =>
  inTransaction((tx) =>
    change(tx, country, processId, officer, (procedure, rules) =>
      decide(
        procedure,
        {
          decisionId: randomUUID(),
          outcome: 'negative',
          reasons: ['threshold-not-met'],
          evidence: ['e1'],
          noteId: 'n1',
          actor: officer.actor,
          at: noon,
        },
        rules,
      ),
    ),
  );

describe('a procedure that is over', () => {
  it('is read by its own authority and referrer and changed by no organisation after another one has begun', async () => {
    const [first, second] = [callOf(randomUUID(), 'responder'), callOf(randomUUID(), 'caseworker')];
    const { processId, caseReference } = await sent(first);
    await withdraws(processId, first);
    const next = await drafted(second, caseReference, ENFORCING);
    for (const reader of [first, officer])
      expect(await reads(processId, reader)).toMatchObject({
        kind: 'answer',
        response: { processId, stage: { at: 'withdrawn' }, authority: AUTHORITY },
      });
    expect(await withdraws(processId, first)).toMatchObject({ refusal: 'superseded' });
    expect(await reads(processId, second)).toMatchObject({ refusal: 'not-found' });
    for (const stranger of [first, officer])
      expect(await reads(next, stranger)).toMatchObject({ refusal: 'not-found' });
  });

  it('is hidden from the authority when it was never sent', async () => {
    const referrer = callOf(randomUUID(), 'responder');
    const processId = await drafted(referrer, randomUUID());
    await withdraws(processId, referrer);
    expect(await reads(processId, officer)).toMatchObject({ refusal: 'not-found' });
    expect((await listed(officer, false)).map((one) => one.process_id)).not.toContain(processId);
  });

  it('does not block another referral when it lapsed because it was not sent', async () => {
    const [first, second] = [
      callOf(randomUUID(), 'responder'),
      callOf(randomUUID(), 'responder', later(noon, days(60))),
    ];
    const caseReference: string = randomUUID();
    await drafted(first, caseReference);
    await expect(drafted(second, caseReference)).rejects.toThrow('already-open');
    await inTransaction((tx) => onTimePasses(tx, caseReference, later(noon, days(60))));
    expect(await drafted(second, caseReference)).toBeDefined();
  });
});

describe('the proposal of one person of the authority', () => {
  it('is read by the authority with its reasons, evidence and note, and not by the referrer', async () => {
    const referrer = callOf(randomUUID(), 'responder');
    const { processId } = await sent(referrer);
    await proposes(processId);
    const seenBy = async (call: Call) => {
      const given = await reads(processId, call);
      return given.kind === 'answer'
        ? shown(given.response, call.actor.organisation, noon)
        : undefined;
    };
    expect((await seenBy(officer))?.proposal).toMatchObject({
      madeBy: officer.actor.person,
      outcome: 2,
      reasons: ['threshold-not-met'],
      evidence: ['e1'],
      noteId: 'n1',
    });
    expect(await seenBy(referrer)).toMatchObject({
      proposal: undefined,
      markerId: expect.stringContaining('-'),
    });
    expect((await seenBy(officer))?.markerId).toBe('');
  });
});

const listed = (call: Call, isNotified: boolean) =>
  inTransaction((tx) =>
    listProcedures(
      tx,
      call.actor,
      isNotified,
      { due: 0, id: '00000000-0000-0000-0000-000000000000' },
      200,
    ),
  );

describe('the list of escalated procedures', () => {
  it('shows an organisation procedures of others only when the pack names it for escalation, not by the name of a role', async () => {
    const { processId, caseReference } = await sent(callOf(randomUUID(), 'responder'));
    const ids = async (call: Call, isNotified = false) =>
      (await listed(call, isNotified)).map((one) => one.process_id);
    for (const at of [40, 41])
      await inTransaction((tx) => onTimePasses(tx, caseReference, later(noon, days(at))));
    const stranger = callOf(randomUUID(), 'coordinator');
    const notified = callOf('5a000000-0000-4000-8000-00000000000c', 'coordinator');
    expect(await ids(stranger)).toEqual([]);
    expect(await ids(callOf(ENFORCING, 'competent-authority'))).not.toContain(processId);
    expect(await ids(officer)).toContain(processId);
    expect(await ids(notified, true)).toContain(processId);
    const [row] = (await listed(notified, true)).filter((one) => one.process_id === processId);
    expect(row).toMatchObject({ waits_for: 'authority', escalated_to: 'coordinator' });
    expect(row?.due).toBeLessThan(NEVER);
  });
});

describe('a question about removal', () => {
  it('is announced to the vault, so that the person sees who asked', async () => {
    const { caseReference, processId } = await sent(callOf(randomUUID(), 'responder'));
    const given = await reads(processId, officer);
    const markerId = given.kind === 'answer' ? given.response.markerId : '';
    await inTransaction((tx) => isBarred(tx, markerId, officer));
    const { rows } = await test.database.query<{ value: Buffer }>(
      'SELECT value FROM journal JOIN outbox USING (position) WHERE key = $1 ORDER BY position DESC LIMIT 1',
      [caseReference],
    );
    const disclosure = topics.identificationIntakeForCaseVault.decode(
      rows[0]?.value ?? Buffer.alloc(0),
    );
    expect(disclosure).toMatchObject({
      $case: 'disclosureMade',
      value: {
        content: 'removal',
        organisationId: AUTHORITY,
        personId: officer.actor.person,
        caseReference,
      },
    });
  });
});

describe('the journal', () => {
  it('records a question about removal under the rules of the procedure, and an adoption under the adopted rules', async () => {
    const { caseReference, processId } = await sent(callOf(randomUUID(), 'responder'));
    const version = '2026.2';
    const newer = { ...current, id: 'xs-2026.2-newer', version };
    const upgraded: CountryData = {
      ...country,
      packs: {
        current: newer,
        byId: (_, id) => Promise.resolve(id === newer.id ? newer : current),
      },
    };
    const given = await reads(processId, officer);
    await inTransaction((tx) =>
      isBarred(tx, given.kind === 'answer' ? given.response.markerId : '', officer),
    );
    const adopted = await inTransaction((tx) =>
      adopt(tx, upgraded, { processId, ground: 'law-changed' }, officer),
    );
    expect(adopted).toMatchObject({ kind: 'answer', response: { ruleVersion: newer.id } });
    const { rows } = await test.database.query(
      `SELECT type, rule_version FROM journal WHERE aggregate_id = $1 AND type IN ('RemovalBarChecked', 'RulesAdopted') ORDER BY position`,
      [caseReference],
    );
    expect(rows).toEqual([
      { type: 'RemovalBarChecked', rule_version: current.id },
      { type: 'RulesAdopted', rule_version: newer.id },
    ]);
  });
});
