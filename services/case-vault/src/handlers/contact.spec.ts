import { randomUUID } from 'node:crypto';
import { days, instant, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callOf, noon, type Subject, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as person from './person.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

const mayWrite = async ({ caseId }: Subject, who: string) => {
  const ask = {
    caseId,
    holdId: undefined,
    personId: undefined,
    channel: 'letter',
    localTime: '10:00',
  };
  const given = await vault.inTransaction((tx) =>
    person.checkContact(tx, vault.pack, ask, callOf(who)),
  );
  return given.kind === 'answer' && given.response.isAllowed;
};

it('an authority without a relation may ask on the basis that lets it read the contact, and else may not', async () => {
  const subject = await vault.opened();
  const rules = [{ channel: 'letter', from: '00:00', until: '00:00', mayLeaveMessage: false }];
  await vault.inTransaction((tx) =>
    person.setContact(tx, vault.pack, subject.caseId, rules, callOf(subject.owner)),
  );
  const { owner: authority } = await vault.opened();
  const only = {
    excludedRegions: [],
    excludedOrganisationIds: [],
    serviceClasses: [],
    organisationIds: [authority],
  };
  await vault.permits(subject, 'identity', { purpose: 'identification-decision', receivers: only });
  expect(await mayWrite(subject, authority)).toBe(false);
  await vault.permits(subject, 'contact', { purpose: 'identification-decision', receivers: only });
  expect(await mayWrite(subject, authority)).toBe(true);
  expect(await mayWrite(subject, randomUUID())).toBe(false);
  expect(await vault.disclosures(subject)).toEqual([`case-vault: safe-contact for ${authority}`]);
});

it('an age and the timer of the birthday are recorded at the same moment without a deadlock', async () => {
  for (let round = 0; round < 15; round++) {
    const subject = await vault.opened();
    const eighteenAt = later(noon, days(100));
    const says = (age: 'child' | 'unsure', at = noon) =>
      vault.inTransaction((tx) =>
        person.age(
          tx,
          vault.pack,
          { caseId: subject.caseId, age, eighteenAt },
          callOf(subject.owner, at),
        ),
      );
    await says('child');
    // As the worker does: the row of the day first.
    const clock = vault.inTransaction(async (tx) => {
      const text = 'SELECT generation FROM coming_of_age WHERE id = $1 FOR UPDATE';
      await tx.query({ name: 'spec-lock', text, values: [subject.caseId] });
      await person.onComingOfAge(vault.pack)(tx, subject.caseId, later(noon, days(80)));
    });
    const given = await Promise.allSettled([
      clock,
      says('unsure', instant(noon + round)),
      says('child'),
    ]);
    expect(given.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  }
});
