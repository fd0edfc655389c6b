import { randomUUID } from 'node:crypto';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { eventually, type Organisation, type World } from '../world.ts';
import { alertsOf } from './alerts.ts';
import { openVaultCase } from './consent-details.ts';

const WORDS = 'Synthetic allergy of nobody';

export function nightBreakGlass(world: () => World): void {
  it('break-glass opens a few sections to one person for four hours when a life is at risk, and raises an alert for each role that must know', async () => {
    await atTwoInTheNight(world());
    const hospital = world().organisation();
    const caseId = await caseWithSections(world());
    expect(await reads(world(), hospital, caseId)).toBe('not-found');
    const noteId = await writeAllergyNote(world(), caseId);
    expect(await safetyNotes(world(), hospital, caseId)).toBe('not-found');

    const openingId = randomUUID();
    const story = await breakGlass(world(), hospital, {
      caseId,
      openingId,
      sections: ['story'],
    }).catch(refusalOf);
    expect(story).toBe('section-not-for-emergencies');
    const { openUntil } = await breakGlass(world(), hospital, { caseId, openingId });
    expect(openUntil && openUntil.getTime() - world().now()).toBeGreaterThan(hours(3.9));
    expect(await reads(world(), hospital, caseId)).toBe(WORDS);
    expect(await reads(world(), hospital, caseId, 'identity')).toBe('no-basis');
    // Safety notes, such as an allergy, are readable too.
    expect(await safetyNotes(world(), hospital, caseId)).toEqual([['allergy', noteId]]);
    const staff = await hospital.as('provider-staff');
    const note = await call(world().vault, 'readNote', { noteId, purpose: 'health-care' }, staff);
    expect([note.content, note.basis]).toEqual([WORDS, 'break-glass']);
    for (const role of ['data-protection-officer', 'caseworker'])
      expect((await alertsOf(world(), role, caseId)).map(({ code }) => code)).toEqual([
        `file-opened-${role}`,
      ]);

    await world().advanceTime(hours(4));
    expect(await reads(world(), hospital, caseId)).toBe('not-found');
    expect(await safetyNotes(world(), hospital, caseId)).toBe('not-found');
    const caseworker = await world().responders.as('caseworker');
    const page = { caseId, pageSize: 50, pageToken: '', forThePerson: true };
    const { disclosures } = await call(world().vault, 'listDisclosures', page, caseworker);
    expect(disclosures.map(({ content, basis }) => [content, basis])).toEqual(
      ['safety-note-allergy', 'safety-notes', 'health'].map((content) => [content, 'break-glass']),
    );
  });

  it('an opening must be reviewed after a day by somebody who did not request it, and the alert stays until the review is done', async () => {
    const hospital = world().organisation();
    const caseId = await caseWithSections(world());
    const openingId = randomUUID();
    await breakGlass(world(), hospital, { caseId, openingId });
    await world().advanceTime(hours(25));
    await eventually(async () =>
      expect(
        (await alertsOf(world(), 'data-protection-officer', caseId)).map(({ code }) => code),
      ).toContain('review-of-opening'),
    );
    const night = hospital.personOf('provider-staff');
    const review = { openingId, justified: true };
    const sameOfficer = await world().officers.as('data-protection-officer', night);
    const alone = call(world().safeguards, 'reviewOpening', review, sameOfficer);
    expect(await alone.catch(refusalOf)).toBe('second-person-needed');
    const officer = await world().officers.as('data-protection-officer');
    await call(world().safeguards, 'reviewOpening', review, officer);
    const remaining = await alertsOf(world(), 'data-protection-officer', caseId);
    expect(remaining.map(({ code }) => code)).toEqual(['file-opened-data-protection-officer']);
    const { code, about } = remaining[0] ?? { code: '', about: '' };
    await call(world().safeguards, 'acknowledgeAlert', { caseId, code, about }, officer);
    expect(await alertsOf(world(), 'data-protection-officer', caseId)).toMatchObject([
      { code, acknowledged: true },
    ]);
    await call(world().safeguards, 'resolveAlert', { caseId, code, about }, officer);
    expect(await alertsOf(world(), 'data-protection-officer', caseId)).toEqual([]);
  });

  it('an opening without risk to life needs a confirmation in time by a second person', async () => {
    const hospital = world().organisation();
    const caseId = await caseWithSections(world());
    const openingId = randomUUID();
    const ask = { caseId, openingId, lifeAtRisk: false, reason: 'missing' };
    expect((await breakGlass(world(), hospital, ask)).openUntil).toBeUndefined();
    expect(await reads(world(), hospital, caseId)).toBe('not-found');
    const confirm = async (person: string) =>
      call(
        world().safeguards,
        'confirmOpening',
        { openingId },
        await hospital.as('provider-staff', person),
      );
    expect(await confirm(hospital.personOf('provider-staff')).catch(refusalOf)).toBe(
      'second-person-needed',
    );
    await confirm(randomUUID());
    expect(await reads(world(), hospital, caseId)).toBe(WORDS);

    const late = randomUUID();
    await world().advanceTime(hours(5));
    await breakGlass(world(), hospital, { ...ask, openingId: late });
    await world().advanceTime(hours(1));
    const another = await hospital.as('provider-staff', randomUUID());
    const tooLate = call(world().safeguards, 'confirmOpening', { openingId: late }, another);
    expect(await tooLate.catch(refusalOf)).toBe('too-late');
    expect(await reads(world(), hospital, caseId)).toBe('not-found');
  });
}

async function atTwoInTheNight(world: World): Promise<void> {
  const now = DateTime.fromMillis(world.now(), { zone: 'Europe/Vienna' });
  await world.advanceTime(
    now.plus({ days: 1 }).set({ hour: 2, minute: 0 }).toMillis() - now.toMillis(),
  );
}

/** A case with two sections, and no organisation with a relation to the person. */
async function caseWithSections(world: World): Promise<string> {
  const { caseId } = await openVaultCase(world);
  const caseworker = await world.responders.as('caseworker');
  for (const section of ['health', 'identity'])
    await call(
      world.vault,
      'writeSection',
      { caseId, section, content: WORDS, corrects: '' },
      caseworker,
    );
  return caseId;
}

interface Ask {
  readonly caseId: string;
  readonly openingId: string;
  readonly sections?: string[];
  readonly reason?: string;
  readonly lifeAtRisk?: boolean;
}

const breakGlass = async (world: World, who: Organisation, ask: Ask) => {
  const wish = {
    holdId: '',
    personId: '',
    reason: 'life-at-risk',
    sections: ['health'],
    lifeAtRisk: true,
    ...ask,
  };
  return call(world.safeguards, 'breakGlass', wish, await who.as('provider-staff'));
};

/** The content of the section, or the name of the refusal. */
async function reads(
  world: World,
  who: Organisation,
  caseId: string,
  section = 'health',
): Promise<unknown> {
  const wish = {
    caseId,
    holdId: '',
    personId: '',
    person: 0,
    section,
    purpose: 'health-care',
    version: 0,
  };
  const staff = await who.as('provider-staff');
  return call(world.vault, 'readSection', wish, staff).then(({ content }) => content, refusalOf);
}

/** Writes a safety note into the file. */
async function writeAllergyNote(world: World, caseId: string): Promise<string> {
  const noteId = randomUUID();
  const note = { caseId, holdId: '', personId: '', noteId, content: WORDS, safety: 'allergy' };
  await call(world.vault, 'writeNote', note, await world.responders.as('caseworker'));
  return noteId;
}

/** Kinds and ids of the safety notes, or the name of the refusal. */
async function safetyNotes(world: World, who: Organisation, caseId: string): Promise<unknown> {
  const wish = { caseId, holdId: '', personId: '', purpose: 'health-care' };
  const staff = await who.as('provider-staff');
  return call(world.words, 'listSafetyNotes', wish, staff).then(
    ({ notes }) => notes.map(({ kind, noteId }) => [kind, noteId]),
    refusalOf,
  );
}
