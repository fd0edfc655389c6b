import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, relationBegan, vaultDatabase } from '../outbound/vault-database.fixture.ts';
import * as cases from './cases.ts';
import { by, type NamedBy, noteCalls, notFound } from './notes.fixture.ts';
import * as openings from './openings.ts';
import * as person from './person.ts';
import * as sections from './sections.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());
const { writes, listsSafetyNotes } = noteCalls(() => vault);
const PERSON_NEEDED = { kind: 'refused', refusal: 'person-needed', field: 'person_id' };
const reads = async (who: string, namedBy: NamedBy, section = 'health') => {
  const wish = { ...by(namedBy), section, purpose: 'accommodation' };
  const given = await vault.inTransaction((tx) =>
    sections.read(tx, vault.pack, vault.sealedStore, wish, callOf(who)),
  );
  return given.kind === 'answer' ? given.response.content.reveal() : given;
};

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

/** The ids by which the shelter names the people of its hold, found by the content of their sections. */
async function idsOf(shelter: string, holdId: string) {
  const listed = await vault.inTransaction((tx) => cases.people(tx, holdId, callOf(shelter)));
  const personIds = listed.kind === 'answer' ? listed.response.personIds : [];
  const known = await Promise.all(
    personIds.map(async (personId) => [await reads(shelter, { holdId, personId }), personId]),
  );
  return {
    personIds,
    of: (words: string) => known.find(([content]) => content === words)?.[1] as string,
  };
}

describe('a hold for several people', () => {
  it('is refused without a person id by every call', async () => {
    const { shelter, holdId } = await party();
    const namedBy = { holdId };
    expect(await reads(shelter, namedBy)).toEqual(PERSON_NEEDED);
    expect((await writes(shelter, namedBy)).given).toEqual(PERSON_NEEDED);
    expect(await listsSafetyNotes(shelter, namedBy)).toEqual(PERSON_NEEDED);
    const contact = { ...by(namedBy), channel: 'letter', localTime: '10:00' };
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
      openings.open(tx, vault.pack, { ...by(namedBy), ...ask }, callOf(shelter)),
    );
    expect(await open).toEqual(PERSON_NEEDED);
  });

  it('with a person id reads and writes only about that person', async () => {
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

  it('keeps its person ids when a later reference is registered; before, that person is not-found', async () => {
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

  it('has person ids that are unknown at another hold, and shows them to no other organisation', async () => {
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
