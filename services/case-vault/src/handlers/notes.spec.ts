import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as disagreements from './disagreements.ts';
import { by, noteCalls, notFound } from './notes.fixture.ts';
import * as notes from './notes.ts';
import * as openings from './openings.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());
const { writes, listsSafetyNotes } = noteCalls(() => vault);
const readsNote = async (who: string, noteId: string, purpose = 'accommodation') => {
  const given = await vault.inTransaction((tx) =>
    notes.read(tx, vault.pack, vault.sealedStore, { noteId, purpose }, callOf(who)),
  );
  return given.kind === 'answer' ? given.response.basis : given.refusal;
};
const asked = (subjects: readonly Subject[], organisationId: string, holdId: string) =>
  vault.fromReferral({
    $case: 'disclosureMade',
    value: {
      caseReferences: subjects.map(({ reference }) => reference),
      holdId,
      organisationId,
      personId: '',
      content: 'offer',
      purpose: 'accommodation',
      basis: 'permission',
      at: new Date(noon),
    },
  });

describe('a provider that was only asked', () => {
  it('may write a note, but no safety note before it has a relation', async () => {
    const subject = await vault.opened();
    const [shelter, holdId] = [randomUUID() as string, randomUUID() as string];
    await asked([subject], shelter, holdId);
    expect((await writes(shelter, { holdId })).given.kind).toBe('answer');
    expect((await writes(shelter, { holdId }, 'allergy')).given).toEqual({
      kind: 'refused',
      refusal: 'relation-needed',
      field: 'safety',
    });
    await vault.fromReferral(relationBegan(subject, shelter, holdId));
    expect((await writes(shelter, { holdId }, 'allergy')).given.kind).toBe('answer');
  });
});

describe('the list of safety notes', () => {
  it('is logged at each look-up, also an empty one', async () => {
    const subject = await vault.opened();
    const shelter = randomUUID();
    await vault.fromReferral(relationBegan(subject, shelter));
    expect(await listsSafetyNotes(shelter, { caseId: subject.caseId })).toMatchObject({
      response: { notes: [], basis: 'vital-interest' },
    });
    expect(await vault.disclosures(subject)).toEqual([`case-vault: safety-notes for ${shelter}`]);
    expect(await listsSafetyNotes(randomUUID(), { caseId: subject.caseId })).toEqual(
      notFound('case_id'),
    );
    expect(await vault.disclosures(subject)).toHaveLength(1);
  });

  it('is readable by a hospital with a break-glass opening, and its notes by a clinic that a permission names', async () => {
    const subject = await vault.opened();
    const [hospital, clinic, holdId] = [randomUUID(), await vault.opened(), randomUUID()];
    const { noteId } = await writes(subject.owner, { caseId: subject.caseId }, 'allergy');
    expect(await readsNote(hospital, noteId, 'health-care')).toBe('not-found');
    const ask = {
      openingId: randomUUID(),
      reason: 'life-at-risk',
      sections: ['health'],
      lifeAtRisk: true,
    };
    const namedBy = { caseId: subject.caseId };
    await vault.inTransaction((tx) =>
      openings.open(tx, vault.pack, { ...by(namedBy), ...ask }, callOf(hospital)),
    );
    expect(await listsSafetyNotes(hospital, namedBy, 'health-care')).toMatchObject({
      response: { notes: [{ noteId }] },
    });
    expect(await readsNote(hospital, noteId, 'health-care')).toBe('break-glass');

    await vault.permits(subject, 'health', {
      purpose: 'health-care',
      receivers: {
        excludedRegions: [],
        excludedOrganisationIds: [],
        serviceClasses: [],
        organisationIds: [clinic.owner],
      },
    });
    expect(await readsNote(clinic.owner, noteId, 'health-care')).toBe('permission');
    expect(await readsNote(clinic.owner, noteId, 'legal-aid')).toBe('not-found');
    expect(await listsSafetyNotes(clinic.owner, { holdId }, 'health-care')).toEqual(
      notFound('hold_id'),
    );
  });
});

describe('a disagreement with an entry', () => {
  const disagrees = (subject: Subject, noteId: string, version = 1) => {
    const disagreement = { caseId: subject.caseId, section: 'health', version, noteId };
    return vault.inTransaction((tx) =>
      disagreements.record(tx, vault.pack, disagreement, callOf(subject.owner)),
    );
  };

  it('is readable by readers of the entry, also at the next version, until it is retracted', async () => {
    const subject = await vault.opened();
    const shelter = randomUUID();
    await vault.writes(subject, 'health', 'Synthetic entry');
    await vault.permits(subject, 'health');
    await vault.fromReferral(relationBegan(subject, shelter));
    const { noteId } = await writes(subject.owner, { caseId: subject.caseId });
    expect(await readsNote(shelter, noteId)).toBe('not-found');
    await disagrees(subject, noteId);
    await vault.writes(subject, 'health', 'Synthetic entry, again');
    expect(await vault.reads(subject.caseId, shelter, 'health')).toMatchObject({
      response: { version: 2, disagreementNoteIds: [noteId] },
    });
    expect(await readsNote(shelter, noteId)).toBe('permission');
    expect(await vault.disclosures(subject)).toContain(
      `case-vault: disagreement-with-health for ${shelter}`,
    );
    expect(await readsNote(shelter, noteId, 'legal-aid')).toBe('not-found');

    const back = { caseId: subject.caseId, section: 'health', noteId };
    await vault.inTransaction((tx) =>
      disagreements.retract(tx, vault.pack, back, callOf(subject.owner)),
    );
    expect(await vault.reads(subject.caseId, shelter, 'health')).toMatchObject({
      response: { disagreementNoteIds: [] },
    });
    expect(await readsNote(shelter, noteId)).toBe('not-found');
  });

  it('is refused with a note of another case and with an unknown note', async () => {
    const [subject, another] = [await vault.opened(), await vault.opened(randomUUID())];
    await vault.writes(subject, 'health', 'Synthetic entry');
    const { noteId } = await writes(another.owner, { caseId: another.caseId });
    for (const one of [noteId, randomUUID()])
      expect(await disagrees(subject, one)).toEqual({
        kind: 'refused',
        refusal: 'no-such-note',
        field: 'note_id',
      });
  });
});
