import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import type { Call } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseId } from '../domain/case-file.ts';
import { callOf, noon, type Subject, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as cases from './cases.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

/** Two people of one organisation, whose cases it opened. */
async function pair() {
  const owner = randomUUID();
  return {
    owner,
    one: await vault.opened(owner),
    two: await vault.opened(owner),
    apartId: randomUUID() as string,
  };
}

/** As the wire does it: whoever calls is the one who asks. */
const asks = (call: Call, one: { caseId: CaseId }, two: { caseId: CaseId }, apartId: string) =>
  vault.inTransaction((tx) => {
    const request = { apartId, otherCaseId: two.caseId, by: call.actor.person };
    return cases.setApart(tx, vault.pack, one.caseId, request, call);
  });
const state = (apartId: string, is: string) => ({
  kind: 'answer',
  response: { apartId, state: is },
});
const refused = (refusal: string, field: string) => ({ kind: 'refused', refusal, field });

/** The apart ids that `referral` is told of a case, by the reference that it knows. */
async function published({ reference }: Pick<Subject, 'reference'>): Promise<string[]> {
  const { rows } = await vault.database.query<{ value: Buffer }>(
    `SELECT value FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2 ORDER BY position`,
    [topics.caseVaultForReferral.name, reference],
  );
  return rows.flatMap(({ value }) => {
    const event = topics.caseVaultForReferral.decode(value);
    return event?.$case === 'keepApartSet' ? [event.value.apartId] : [];
  });
}

/** What happened to a pair, in the journal of a case. */
const happened = async ({ caseId }: Subject): Promise<string[]> =>
  (
    await vault.database.query<{ type: string }>(
      `SELECT type FROM journal WHERE aggregate_id = $1 AND type LIKE 'KeepApart%' ORDER BY position`,
      [caseId],
    )
  ).rows.map(({ type }) => type);

describe('a pair to be kept apart', () => {
  it('is only proposed by the first who asks: nobody is told', async () => {
    const { owner, one, two, apartId } = await pair();
    expect(await asks(callOf(owner), one, two, apartId)).toEqual(state(apartId, 'proposed'));
    expect(await happened(one)).toEqual(['KeepApartProposed']);
    expect(await happened(two)).toEqual(['KeepApartProposed']);
    expect([await published(one), await published(two)]).toEqual([[], []]);
  });

  it('stands by the word of a second person, in both cases, and both are told once', async () => {
    const { owner, one, two, apartId } = await pair();
    await asks(callOf(owner), one, two, apartId);
    expect(await asks(callOf(owner), one, two, apartId)).toEqual(state(apartId, 'set'));
    expect([await published(one), await published(two)]).toEqual([[apartId], [apartId]]);
    expect(await asks(callOf(owner), one, two, apartId)).toEqual(state(apartId, 'set'));
    expect([await published(one), await published(two)]).toEqual([[apartId], [apartId]]);
    expect(await happened(two)).toEqual(['KeepApartProposed', 'KeepApartSet']);
  });

  it('may be asked for from either side', async () => {
    const { owner, one, two, apartId } = await pair();
    await asks(callOf(owner), one, two, apartId);
    expect(await asks(callOf(owner), two, one, apartId)).toEqual(state(apartId, 'set'));
    expect([await published(one), await published(two)]).toEqual([[apartId], [apartId]]);
  });

  it('stands too when both ask at the same moment, each from the other side', async () => {
    const pairs = await Promise.all(Array.from({ length: 8 }, pair));
    await Promise.all(
      pairs.map(async ({ owner, one, two, apartId }) => {
        const answers = await Promise.all([
          asks(callOf(owner), one, two, apartId),
          asks(callOf(owner), two, one, apartId),
        ]);
        expect(answers).toEqual(
          expect.arrayContaining([state(apartId, 'proposed'), state(apartId, 'set')]),
        );
        expect([await published(one), await published(two)]).toEqual([[apartId], [apartId]]);
      }),
    );
  });

  it('is told also to a reference that is registered later', async () => {
    const { owner, one, two, apartId } = await pair();
    await asks(callOf(owner), one, two, apartId);
    const [early, late] = [randomUUID(), randomUUID()];
    const registers = (reference: string) =>
      vault.inTransaction((tx) =>
        cases.register(
          tx,
          vault.pack,
          one.caseId,
          { service: 'referral', reference },
          callOf(owner),
        ),
      );
    await registers(early);
    expect(await published({ reference: early })).toEqual([]);
    await asks(callOf(owner), one, two, apartId);
    await registers(late);
    expect([await published({ reference: early }), await published({ reference: late })]).toEqual([
      [apartId],
      [apartId],
    ]);
  });

  it('names who asked, in both journals', async () => {
    const { owner, one, two, apartId } = await pair();
    const [first, second] = [callOf(owner), callOf(owner)];
    await asks(first, one, two, apartId);
    await asks(second, one, two, apartId);
    const { rows } = await vault.database.query<{ person: string }>(
      `SELECT author_person AS person FROM journal WHERE aggregate_id = ANY ($1::uuid[]) AND type LIKE 'KeepApart%' ORDER BY position`,
      [[one.caseId, two.caseId]],
    );
    const { person } = first.actor;
    const other = second.actor.person;
    expect(rows.map((row) => row.person)).toEqual([person, person, other, other]);
  });
});

describe('a pair across two organisations', () => {
  const strangers = async () => ({
    one: await vault.opened(),
    two: await vault.opened(),
    apartId: randomUUID() as string,
  });
  const coordinator = () => callOf(vault.bodyOf('coordinator'), noon, 'coordinator');

  it('is made by two people of the country’s coordination desk, one after the other', async () => {
    const { one, two, apartId } = await strangers();
    expect(await asks(coordinator(), one, two, apartId)).toEqual(state(apartId, 'proposed'));
    expect(await asks(coordinator(), two, one, apartId)).toEqual(state(apartId, 'set'));
    expect([await published(one), await published(two)]).toEqual([[apartId], [apartId]]);
  });

  it('is not made by a caseworker, who is not told whether the other case exists', async () => {
    const { one, two, apartId } = await strangers();
    const nobody = { caseId: randomUUID() as string as CaseId };
    const notFound = refused('not-found', 'other_case_id');
    expect(await asks(callOf(one.owner), one, two, apartId)).toEqual(notFound);
    expect(await asks(callOf(one.owner), one, nobody, apartId)).toEqual(notFound);
    expect([await happened(one), await happened(two)]).toEqual([[], []]);
  });

  it('is not begun from a case of another organisation, nor by a coordinator of one of the two', async () => {
    const { one, two, apartId } = await strangers();
    const nobody = { caseId: randomUUID() as string as CaseId };
    for (const call of [callOf(two.owner), callOf(two.owner, noon, 'coordinator')]) {
      expect(await asks(call, one, two, apartId)).toEqual(refused('not-found', 'case_id'));
      expect(await asks(call, nobody, two, apartId)).toEqual(refused('not-found', 'case_id'));
    }
    expect([await happened(one), await happened(two)]).toEqual([[], []]);
  });
});

describe('a pair is refused, and neither case is changed', () => {
  it('as second-person-needed, when the same person asks twice, from whichever side', async () => {
    const { owner, one, two, apartId } = await pair();
    const call = callOf(owner);
    await asks(call, one, two, apartId);
    expect(await asks(call, one, two, apartId)).toEqual(
      refused('second-person-needed', 'apart_id'),
    );
    expect(await asks(call, two, one, apartId)).toEqual(
      refused('second-person-needed', 'apart_id'),
    );
    expect([await happened(one), await happened(two)]).toEqual([
      ['KeepApartProposed'],
      ['KeepApartProposed'],
    ]);
  });

  it('as same-case, when both are one person', async () => {
    const { owner, one, apartId } = await pair();
    expect(await asks(callOf(owner), one, one, apartId)).toEqual(
      refused('same-case', 'other_case_id'),
    );
    expect(await happened(one)).toEqual([]);
  });

  it('as another-pair, when the id means two others for one of them', async () => {
    const { owner, one, two, apartId } = await pair();
    const third = await vault.opened(owner);
    await asks(callOf(owner), one, two, apartId);
    expect(await asks(callOf(owner), one, third, apartId)).toEqual(
      refused('another-pair', 'apart_id'),
    );
    expect(await asks(callOf(owner), third, two, apartId)).toEqual(
      refused('another-pair', 'apart_id'),
    );
    expect(await happened(third)).toEqual([]);
    expect([await published(one), await published(two)]).toEqual([[], []]);
  });
});

it('has an id of its own: the id of another pair is refused, also where both are proposed at the same moment', async () => {
  const [first, second] = [await pair(), await pair()];
  await asks(callOf(first.owner), first.one, first.two, first.apartId);
  expect(await asks(callOf(second.owner), second.one, second.two, first.apartId)).toEqual(
    refused('already-exists', 'apart_id'),
  );
  expect(await happened(second.one)).toEqual([]);
  const apartId = randomUUID();
  const both = await Promise.all(
    [first, second].map(({ owner, one, two }) => asks(callOf(owner), one, two, apartId)),
  );
  expect(both.filter(({ kind }) => kind === 'answer')).toHaveLength(1);
  expect(both).toContainEqual(refused('already-exists', 'apart_id'));
});
