import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { arrange, recordAnswers, request } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from '../world.ts';
import { openVaultCase, recordPermission } from './consent-details.ts';

const ALLERGY = 'Synthetic allergy of nobody';
const STORY = 'Synthetic health of nobody';

export function withdrawalKeepsTheAllergyNote(world: () => World): void {
  it('a withdrawal ends every read except of safety notes, lists what stays readable, and never ends a stay', async () => {
    const shelter = await openShelter(world());
    const staff = await shelter.as('provider-staff');
    const caseworker = await world().responders.as('caseworker');
    const { caseId, referenceFor } = await openVaultCase(world());
    const noteId = randomUUID();
    const note = { caseId, holdId: '', personId: '', noteId, content: ALLERGY, safety: 'allergy' };
    await call(world().vault, 'writeNote', note, caseworker);
    await call(
      world().vault,
      'writeSection',
      { caseId, section: 'health', content: STORY, corrects: '' },
      caseworker,
    );
    const permissionId = await recordPermission(world(), caseId, { sections: ['health'] });

    const asked = {
      urgency: Urgency.URGENT,
      basis: '',
      caseReferences: [referenceFor('referral')],
    };
    const person = await request(world(), asked);
    const { offerId: holdId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId: holdId }, staff);
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await arrange(world(), person);
    await call(world().shelters, 'recordArrival', { holdId }, staff);
    await untilState(world(), person.referralId, 'started');
    const reads = () =>
      call(
        world().vault,
        'readSection',
        {
          caseId: '',
          holdId,
          personId: '',
          person: 0,
          section: 'health',
          purpose: 'accommodation',
          version: 0,
        },
        staff,
      ).then(({ content }) => content, refusalOf);
    const notes = async () =>
      (
        await call(
          world().words,
          'listSafetyNotes',
          { caseId: '', holdId, personId: '', purpose: 'accommodation' },
          staff,
        )
      ).notes.map(({ kind }) => kind);
    const readsNote = () =>
      call(world().vault, 'readNote', { noteId, purpose: 'accommodation' }, staff).then(
        ({ content, basis }) => [content, basis],
        refusalOf,
      );
    await eventually(async () => expect(await reads()).toBe(STORY));

    const { stillReadable } = await call(
      world().vault,
      'withdrawPermission',
      { caseId, permissionId, channel: '' },
      caseworker,
    );
    expect(stillReadable).toEqual([
      {
        content: 'safety-note:allergy',
        basis: 'vital-interest',
        organisationId: '',
        serviceClass: 'safe-accommodation',
      },
    ]);
    expect(await reads()).toBe('no-basis');
    expect(await notes()).toEqual(['allergy']);
    expect(await readsNote()).toEqual([ALLERGY, 'vital-interest']);
    expect((await readReferral(world(), person.referralId)).state).toBe('started');

    const withdrawal = await call(
      world().consents,
      'getWithdrawal',
      { caseId, permissionId },
      caseworker,
    );
    expect(withdrawal.disclosedBefore.map(({ content, basis }) => [content, basis])).toContainEqual(
      ['health', 'permission'],
    );
    const page = { caseId, pageSize: 50, pageToken: '', forThePerson: true };
    const { disclosures } = await call(world().vault, 'listDisclosures', page, caseworker);
    expect(disclosures.map(({ content }) => content)).toContain('safety-note-allergy');

    // A safety note that was ended is not readable any more.
    await call(world().words, 'endSafetyNote', { caseId, noteId }, caseworker);
    expect([await notes(), await readsNote()]).toEqual([[], 'not-found']);
  });
}
