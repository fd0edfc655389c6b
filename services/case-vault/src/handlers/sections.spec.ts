import { randomUUID } from 'node:crypto';
import { Personal } from '@opennrm/runtime';
import { hours, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as notes from './notes.ts';
import * as sections from './sections.ts';
import * as withdrawals from './withdrawals.ts';

const WORDS = 'Penicillin-allergy-of-nobody';
const NOTE = 'Whispered-words-of-nobody';
const NOT_FOUND = { kind: 'refused', refusal: 'not-found', field: 'case_id' };
const NO_BASIS = { kind: 'refused', refusal: 'no-basis', field: 'purpose' };
let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

/** A case with words in `health`, permitted to shelters, and a shelter that has to do with the person. */
async function placed() {
  const subject = await vault.opened();
  const [shelter, holdId, stream] = [randomUUID(), randomUUID(), randomUUID()];
  await vault.writes(subject, 'health', WORDS);
  const permissionId = await vault.permits(subject, 'health');
  await vault.fromReferral(relationBegan(subject, shelter, holdId), stream);
  return { ...subject, subject, shelter, holdId, stream, permissionId };
}

const withdraws = ({ caseId, owner }: Subject, permissionId: string, at = noon) =>
  vault.inTransaction((tx) =>
    withdrawals.withdraw(
      tx,
      vault.pack,
      { caseId, permissionId, channel: 'in-person' },
      callOf(owner, at),
    ),
  );

async function told(reading: ReturnType<typeof vault.reads>) {
  const given = await reading;
  return given.kind === 'answer'
    ? { words: given.response.content.reveal(), basis: given.response.basis }
    : given;
}

describe('a provider', () => {
  it('with a relation and a permission reads', async () => {
    const { caseId, shelter } = await placed();
    expect(await told(vault.reads(caseId, shelter, 'health'))).toEqual({
      words: WORDS,
      basis: 'permission',
    });
  });

  it('without a relation is not told that the case exists', async () => {
    const { caseId } = await placed();
    expect(await vault.reads(caseId, randomUUID(), 'health')).toEqual(NOT_FOUND);
    expect(await vault.reads(randomUUID(), randomUUID(), 'health')).toEqual(NOT_FOUND);
  });

  it('reads nothing after the relation ended, and again when a new one began', async () => {
    const { caseId, subject, shelter, holdId, reference } = await placed();
    await vault.fromReferral({
      $case: 'relationEnded',
      value: { caseReferences: [reference], holdId },
    });
    expect(await vault.reads(caseId, shelter, 'health')).toEqual(NOT_FOUND);
    await vault.fromReferral(relationBegan(subject, shelter));
    expect(await told(vault.reads(caseId, shelter, 'health'))).toMatchObject({ words: WORDS });
  });

  it('reads nothing from the moment of a withdrawal on', async () => {
    const { caseId, subject, shelter, permissionId } = await placed();
    await withdraws(subject, permissionId);
    expect(await vault.reads(caseId, shelter, 'health')).toEqual(NO_BASIS);
  });

  it('reads nothing after the permission ended by itself', async () => {
    const { caseId, shelter } = await placed();
    expect(await vault.reads(caseId, shelter, 'health', later(noon, hours(24)))).toEqual(NO_BASIS);
  });

  it('has no relation while its stream is quarantined: its end may be unread', async () => {
    const { caseId, shelter, stream } = await placed();
    const quarantine =
      "INSERT INTO quarantine (topic, key, reason) VALUES ('opennrm.referral.case-vault.v1', $1, 'gap')";
    await vault.database.query(quarantine, [stream]);
    expect(await vault.reads(caseId, shelter, 'health')).toEqual(NOT_FOUND);
    await vault.database.query('DELETE FROM quarantine WHERE key = $1', [stream]);
    expect(await told(vault.reads(caseId, shelter, 'health'))).toMatchObject({ words: WORDS });
  });

  it('reads by its hold, and somebody else not by the same hold', async () => {
    const { shelter, holdId } = await placed();
    const byHold = (organisation: string) =>
      vault.inTransaction((tx) => {
        const wish = {
          caseId: undefined,
          holdId,
          personId: undefined,
          section: 'health',
          purpose: 'accommodation',
        };
        return sections.read(tx, vault.pack, vault.sealedStore, wish, callOf(organisation));
      });
    expect(await told(byHold(shelter))).toMatchObject({ words: WORDS });
    expect(await byHold(randomUUID())).toEqual({ ...NOT_FOUND, field: 'hold_id' });
  });
});

describe('a reading and its disclosure', () => {
  it('are one: what is read is listed for the person', async () => {
    const { caseId, subject, shelter } = await placed();
    await vault.reads(caseId, shelter, 'health');
    expect(await vault.disclosures(subject)).toEqual([`case-vault: health for ${shelter}`]);
  });

  it('are undone together', async () => {
    const { caseId, subject, shelter } = await placed();
    const wish = {
      caseId,
      holdId: undefined,
      personId: undefined,
      section: 'health',
      purpose: 'accommodation',
    };
    const undone = vault.inTransaction(async (tx) => {
      await sections.read(tx, vault.pack, vault.sealedStore, wish, callOf(shelter));
      throw new Error('the connection broke');
    });
    await expect(undone).rejects.toThrow('the connection broke');
    expect(await vault.disclosures(subject)).toEqual([]);
    const { rowCount } = await vault.database.query(
      "SELECT 1 FROM journal WHERE aggregate_id = $1 AND type = 'SectionRead'",
      [caseId],
    );
    expect(rowCount).toBe(0);
  });

  it('are not made by a refused read, nor by one of an empty section', async () => {
    const { caseId, subject, owner } = await placed();
    await vault.reads(caseId, randomUUID(), 'health');
    expect(await vault.reads(caseId, owner, 'identity')).toMatchObject({ kind: 'refused' });
    expect(await vault.disclosures(subject)).toEqual([]);
  });

  it('are in the journal with who and on what basis', async () => {
    const { caseId, shelter } = await placed();
    await vault.reads(caseId, shelter, 'health');
    const { rows } = await vault.database.query(
      "SELECT author_organisation, basis FROM journal WHERE aggregate_id = $1 AND type = 'SectionRead'",
      [caseId],
    );
    expect(rows).toEqual([{ author_organisation: shelter, basis: 'permission' }]);
  });
});

it('stands in no table in the clear, whoever wrote and read it', async () => {
  const { caseId, shelter, owner } = await placed();
  const noteId = randomUUID();
  const note = {
    caseId,
    holdId: undefined,
    personId: undefined,
    noteId,
    content: new Personal(NOTE),
  };
  await vault.inTransaction((tx) =>
    notes.write(tx, vault.pack, vault.sealedStore, note, callOf(owner)),
  );
  const heard = await vault.inTransaction((tx) =>
    notes.read(
      tx,
      vault.pack,
      vault.sealedStore,
      { noteId, purpose: 'accommodation' },
      callOf(owner),
    ),
  );
  expect(heard.kind === 'answer' && heard.response.content.reveal()).toBe(NOTE);
  await vault.reads(caseId, shelter, 'health');
  const { rows: tables } = await vault.database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.table_privileges
     WHERE grantee = current_user AND privilege_type = 'SELECT' AND table_schema = 'public'`,
  );
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['journal', 'sealed_section', 'sealed_note']),
  );
  const clear = [WORDS, NOTE].flatMap((words) => [words, Buffer.from(words).toString('hex')]);
  for (const { name } of tables) {
    const { rows } = await vault.database.query<{ line: string }>(
      `SELECT to_jsonb(t)::text AS line FROM ${name} t`,
    );
    expect(
      rows.filter(({ line }) => clear.some((words) => line.includes(words))),
      name,
    ).toEqual([]);
  }
});

it('lists the versions of a section, the newest first, for the organisation of the case alone', async () => {
  const subject = await vault.opened();
  for (const words of [WORDS, `${WORDS} corrected`]) await vault.writes(subject, 'health', words);
  const listed = (who: string) =>
    vault.inTransaction((tx) => sections.versions(tx, subject.caseId, 'health', callOf(who)));
  expect((await listed(subject.owner))?.rows.map(({ version }) => version)).toEqual([2, 1]);
  expect(await listed(randomUUID())).toBeUndefined();
});
