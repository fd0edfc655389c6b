import { randomUUID } from 'node:crypto';
import { Personal } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as cases from './cases.ts';
import * as disagreements from './disagreements.ts';
import * as notes from './notes.ts';
import * as openings from './openings.ts';
import * as person from './person.ts';
import * as safetyNotes from './safety-notes.ts';
import * as sections from './sections.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

interface Way {
  readonly caseId?: string;
  readonly holdId?: string;
  readonly personId?: string | undefined;
}
const by = ({ caseId, holdId, personId }: Way) => ({ caseId, holdId, personId });
const PERSON_NEEDED = { kind: 'refused', refusal: 'person-needed', field: 'person_id' };
const notFound = (field: string) => ({ kind: 'refused', refusal: 'not-found', field });

async function writes(who: string, way: Way, safety?: string) {
  const noteId: string = randomUUID();
  const note = { ...by(way), noteId, content: new Personal('Synthetic note of nobody'), safety };
  const given = await vault.inTransaction((tx) =>
    notes.write(tx, vault.pack, vault.sealedStore, note, callOf(who)),
  );
  return { noteId, given };
}
const listsSafetyNotes = (who: string, way: Way, purpose = 'accommodation') =>
  vault.inTransaction((tx) =>
    safetyNotes.list(tx, vault.pack, { ...by(way), purpose }, callOf(who)),
  );
const readsNote = async (who: string, noteId: string, purpose = 'accommodation') => {
  const given = await vault.inTransaction((tx) =>
    notes.read(tx, vault.pack, vault.sealedStore, { noteId, purpose }, callOf(who)),
  );
  return given.kind === 'answer' ? given.response.basis : given.refusal;
};
const reads = async (who: string, way: Way, section = 'health') => {
  const wish = { ...by(way), section, purpose: 'accommodation' };
  const given = await vault.inTransaction((tx) =>
    sections.read(tx, vault.pack, vault.sealedStore, wish, callOf(who)),
  );
  return given.kind === 'answer' ? given.response.content.reveal() : given;
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

/** A parent and a child at one shelter, by one hold; each with a file. */
async function party() {
  const [mother, child] = [await vault.opened(), await vault.opened()];
  const [shelter, holdId]: string[] = [randomUUID(), randomUUID()];
  await vault.writes(mother, 'health', 'Synthetic mother');
  await vault.writes(child, 'health', 'Synthetic child');
  for (const one of [mother, child]) await vault.permits(one, 'health');
  const began = relationBegan(mother, shelter as string, holdId);
  if (began.$case === 'relationBegan') began.value.caseReferences.push(child.reference);
  await vault.fromReferral(began);
  return { mother, child, shelter: shelter as string, holdId: holdId as string };
}

/** By which id the shelter names a person of its hold: found by their note. */
async function idsOf(shelter: string, holdId: string) {
  const listed = await vault.inTransaction((tx) => cases.people(tx, holdId, callOf(shelter)));
  const personIds = listed.kind === 'answer' ? listed.response.personIds : [];
  const known = await Promise.all(
    personIds.map(async (personId) => [await reads(shelter, { holdId, personId }), personId]),
  );
  return {
    personIds,
    of: (words: string) => known.find(([said]) => said === words)?.[1] as string,
  };
}

describe('of several people on one hold', () => {
  it('nobody is meant by chance: one is named, for every call', async () => {
    const { shelter, holdId } = await party();
    const way = { holdId };
    expect(await reads(shelter, way)).toEqual(PERSON_NEEDED);
    expect((await writes(shelter, way)).given).toEqual(PERSON_NEEDED);
    expect(await listsSafetyNotes(shelter, way)).toEqual(PERSON_NEEDED);
    const contact = { ...by(way), channel: 'letter', localTime: '10:00' };
    expect(
      await vault.inTransaction((tx) =>
        person.checkContact(tx, vault.pack, contact, callOf(shelter)),
      ),
    ).toEqual(PERSON_NEEDED);
    const ask = {
      openingId: randomUUID(),
      reason: 'life-at-risk',
      sections: ['health'],
      lifeAtRisk: true,
    };
    const open = vault.inTransaction((tx) =>
      openings.open(tx, vault.pack, { ...by(way), ...ask }, callOf(shelter)),
    );
    expect(await open).toEqual(PERSON_NEEDED);
  });

  it('the one who is named is read, written about and warned of, and not the other', async () => {
    const { mother, child, shelter, holdId } = await party();
    const { of } = await idsOf(shelter, holdId);
    const [ofMother, ofChild] = [
      { holdId, personId: of('Synthetic mother') },
      { holdId, personId: of('Synthetic child') },
    ];
    const { noteId } = await writes(shelter, ofMother, 'allergy');
    expect(await listsSafetyNotes(shelter, ofMother)).toMatchObject({
      response: { notes: [{ noteId, kind: 'allergy' }] },
    });
    expect(await listsSafetyNotes(shelter, ofChild)).toMatchObject({ response: { notes: [] } });
    expect(await vault.disclosures(mother)).toContain(`case-vault: safety-notes for ${shelter}`);
    expect(await listsSafetyNotes(child.owner, { caseId: child.caseId })).toMatchObject({
      response: { notes: [] },
    });
  });

  it('a person keeps their id when the file of another is registered; until then theirs is not found, and not the other’s', async () => {
    const mother = await vault.opened();
    const [shelter, holdId, late]: string[] = [randomUUID(), randomUUID(), randomUUID()];
    await vault.writes(mother, 'health', 'Synthetic mother');
    await vault.permits(mother, 'health');
    const began = relationBegan(mother, shelter as string, holdId);
    if (began.$case === 'relationBegan') began.value.caseReferences.push(late as string);
    await vault.fromReferral(began);
    const before = await idsOf(shelter as string, holdId as string);
    expect(await reads(shelter as string, { holdId: holdId as string })).toEqual(PERSON_NEEDED);
    const unknown = before.personIds.find((one) => one !== before.of('Synthetic mother'));
    expect(await reads(shelter as string, { holdId: holdId as string, personId: unknown })).toEqual(
      notFound('person_id'),
    );
    const child = await vault.opened();
    const reference = { service: 'referral', reference: late as string };
    await vault.inTransaction((tx) =>
      cases.register(tx, vault.pack, child.caseId, reference, callOf(child.owner)),
    );
    await vault.writes(child, 'health', 'Synthetic child');
    await vault.permits(child, 'health');
    const after = await idsOf(shelter as string, holdId as string);
    expect(after.personIds).toEqual(before.personIds);
    expect(after.of('Synthetic mother')).toBe(before.of('Synthetic mother'));
    expect(after.of('Synthetic child')).toBe(unknown);
  });

  it('their ids say nothing at another hold, and nobody else is told them', async () => {
    const { mother, shelter, holdId } = await party();
    const another = { shelter: randomUUID() as string, holdId: randomUUID() as string };
    await vault.fromReferral(relationBegan(mother, another.shelter, another.holdId));
    const [here, there] = [
      await idsOf(shelter, holdId),
      await idsOf(another.shelter, another.holdId),
    ];
    expect(here.personIds).not.toContain(there.personIds[0]);
    const wrong = { holdId: another.holdId, personId: here.of('Synthetic mother') };
    expect(await reads(another.shelter, wrong)).toEqual(notFound('person_id'));
    const stranger = await vault.inTransaction((tx) =>
      cases.people(tx, holdId, callOf(randomUUID())),
    );
    expect(stranger).toEqual(notFound('hold_id'));
  });
});

describe('a provider that was asked, and nothing more', () => {
  it('writes why it cannot, and no note for safety: those are of whoever cares for the person', async () => {
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

describe('that there are notes for safety', () => {
  it('is told to nobody unlogged: also that there are none', async () => {
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

  it('is told to the hospital that opened the health section at night, and to the clinic that the person names', async () => {
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
    const way = { caseId: subject.caseId };
    await vault.inTransaction((tx) =>
      openings.open(tx, vault.pack, { ...by(way), ...ask }, callOf(hospital)),
    );
    expect(await listsSafetyNotes(hospital, way, 'health-care')).toMatchObject({
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
    const said = { caseId: subject.caseId, section: 'health', version, noteId };
    return vault.inTransaction((tx) =>
      disagreements.record(tx, vault.pack, said, callOf(subject.owner)),
    );
  };

  it('is read by whoever reads the entry, goes on to the next version, and stops when the entry may not be read', async () => {
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

  it('is a sealed note of this case: none of another, and none that nobody wrote', async () => {
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
