import { randomUUID } from 'node:crypto';
import { desksOf } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { Actor, type Answer, type Call, type Transaction } from '@opennrm/runtime';
import { hours, type Instant, instant, after as later } from '@opennrm/runtime/decision';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../domain/formal-process/deciding.ts';
import { requestInformation, resume } from '../domain/formal-process/pausing.ts';
import type { FormalProcess } from '../domain/formal-process/procedure.ts';
import { takeUp, withdrawProcess } from '../domain/formal-process/referring.ts';
import type { ProcessDecision, Rules } from '../domain/formal-process/rules.ts';
import { rememberReference } from '../outbound/references.ts';
import type { CountryData } from './country-data.ts';
import { onTimePasses } from './on-time-passes.ts';
import { begin, change, submit } from './procedures.ts';

const current = await loadCountryPack('infra/countries/sample');
const country: CountryData = {
  packs: { current, byId: () => Promise.resolve(current) },
  lists: new Map(),
};
const AUTHORITY = current.identification.authorities[0]?.organisationId ?? '';
const REFERRER: string = randomUUID();
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
const officer = (at = noon): Call => callOf(AUTHORITY, 'competent-authority', at);

/** A child's procedure that the authority has taken up. */
async function pending(): Promise<{ readonly processId: string; readonly caseReference: string }> {
  const [processId, caseReference]: [string, string] = [randomUUID(), randomUUID()];
  const referrer = callOf(REFERRER, 'responder');
  await inTransaction((tx) => rememberReference(tx, caseReference));
  const beginning = { processId, caseReference, authorityId: AUTHORITY, age: 'child' as const };
  await inTransaction((tx) => begin(tx, country, beginning, referrer));
  await inTransaction((tx) => submit(tx, country, processId, false, referrer));
  const taker = officer();
  await does(processId, taker, (procedure) => takeUp(procedure, taker.actor));
  return { processId, caseReference };
}

const does = (
  processId: string,
  call: Call,
  what: (procedure: FormalProcess, rules: Rules) => ProcessDecision,
): Promise<Answer<FormalProcess>> =>
  inTransaction((tx) => change(tx, country, processId, call, what));

const decides = (processId: string, call: Call) =>
  does(processId, call, (procedure, rules) =>
    decide(
      procedure,
      {
        decisionId: randomUUID(),
        outcome: 'positive',
        reasons: ['indicators-present'],
        evidence: [],
        noteId: undefined,
        actor: call.actor,
        at: call.at,
      },
      rules,
    ),
  );

const journalOf = async (caseReference: string, type: string): Promise<number> =>
  (
    await test.database.query('SELECT 1 FROM journal WHERE aggregate_id = $1 AND type = $2', [
      caseReference,
      type,
    ])
  ).rowCount ?? 0;
const refusals = (given: readonly Answer<unknown>[]): string[] =>
  given.flatMap((one) => (one.kind === 'refused' ? [one.refusal] : []));

describe('two officers at the same moment', () => {
  it('decide one step once: the other is refused, and nothing is half-written', async () => {
    for (let nth = 0; nth < 25; nth++) {
      const { processId, caseReference } = await pending();
      const given = await Promise.all([
        decides(processId, officer()),
        decides(processId, officer()),
      ]);
      expect(refusals(given)).toEqual(['during-recovery']);
      expect(await journalOf(caseReference, 'DecisionMade')).toBe(1);
      expect(await journalOf(caseReference, 'RecoveryBegun')).toBe(1);
    }
  });

  it('decide while the person withdraws: the first command is valid, and the other is refused', async () => {
    const seen = new Set<string>();
    for (let nth = 0; nth < 25; nth++) {
      const { processId, caseReference } = await pending();
      const referrer = callOf(REFERRER, 'responder');
      const taking = () =>
        does(processId, referrer, (procedure) => withdrawProcess(procedure, referrer.actor.person));
      const both = [() => decides(processId, officer()), taking];
      const given = await Promise.all((nth % 2 ? both : both.toReversed()).map((act) => act()));
      for (const one of refusals(given)) seen.add(one);
      expect(await journalOf(caseReference, 'ProcessWithdrawn')).toBe(1);
      expect(await journalOf(caseReference, 'DecisionMade')).toBe(
        refusals(given).length === 0 ? 1 : 0,
      );
    }
    expect([...seen].every((one) => one === 'withdrawn')).toBe(true);
  });

  it('resume one deadline once: the second is refused', async () => {
    const { processId, caseReference } = await pending();
    const asking = officer();
    await does(processId, asking, (procedure, rules) =>
      requestInformation(
        procedure,
        { ground: 'information-missing', actor: asking.actor, at: noon },
        rules,
      ),
    );
    const resumes = () => {
      const call = officer(later(noon, hours(30)));
      return does(processId, call, (procedure, rules) =>
        resume(procedure, 'information-requested', { actor: call.actor, at: call.at }, rules),
      );
    };
    const given = await Promise.all(Array.from({ length: 6 }, resumes));
    expect(refusals(given)).toEqual(Array.from({ length: 5 }, () => 'not-paused'));
    expect(await journalOf(caseReference, 'InformationReceived')).toBe(1);
  });
});

describe('a statutory deadline', () => {
  const timersOf = async (caseReference: string) =>
    (
      await test.database.query<{ due: Instant }>(
        `SELECT t.due FROM timers t JOIN identification_file f ON f.id = t.aggregate_id AND f.generation = t.generation WHERE f.id = $1`,
        [caseReference],
      )
    ).rows.map(({ due }) => due);

  it('is set in the transaction that submits, and fires once however often it is triggered', async () => {
    const { caseReference } = await pending();
    const [due] = await timersOf(caseReference);
    expect(due).toBeGreaterThan(noon);
    const fires = () => inTransaction((tx) => onTimePasses(tx, caseReference, due ?? noon));
    await Promise.all([fires(), fires(), fires()]);
    expect(await journalOf(caseReference, 'DeadlineDueSoon')).toBe(1);
    const [next] = await timersOf(caseReference);
    expect(next).toBeGreaterThan(due ?? noon);
  });

  it('is rolled back with the change that set it', async () => {
    const { processId, caseReference } = await pending();
    const before = await timersOf(caseReference);
    const broken = inTransaction(async (tx) => {
      const call = officer();
      await change(tx, country, processId, call, (procedure, rules) =>
        requestInformation(
          procedure,
          { ground: 'information-missing', actor: call.actor, at: noon },
          rules,
        ),
      );
      throw new Error('the connection broke');
    });
    await expect(broken).rejects.toThrow('the connection broke');
    expect(await timersOf(caseReference)).toEqual(before);
    expect(await journalOf(caseReference, 'InformationRequested')).toBe(0);
  });
});
