import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { recordAnswers, request } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventually, untilOffered, untilState, type World } from '../world.ts';
import { openVaultCase, recordPermission } from './consent-details.ts';

const WORDS = ['Synthetic mother', 'Synthetic child'] as const;

export function partyOfTwo(world: () => World): void {
  it('the files of two members of a party stay separate: a note on one member is never in the file of the other', async () => {
    const shelter = await openShelter(world(), { beds: 2, groups: ['family'], largestParty: 2 });
    const staff = await shelter.as('provider-staff');
    const cases = [
      await caseWithIdentity(world(), WORDS[0]),
      await caseWithIdentity(world(), WORDS[1]),
    ];
    const caseReferences = cases.map(({ referenceFor }) => referenceFor('referral'));
    const asked = { urgency: Urgency.URGENT, basis: '', party: 2, group: 'family', caseReferences };
    const party = await request(world(), asked);
    const { offerId: holdId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId: holdId }, staff);
    await untilState(world(), party.referralId, 'awaiting-person');
    await recordAnswers(world(), party, true);

    const wish = {
      caseId: '',
      holdId,
      person: 0,
      section: 'identity',
      purpose: 'accommodation',
      version: 0,
    };
    const reads = (personId: string) =>
      call(world().vault, 'readSection', { ...wish, personId }, staff).then(
        ({ content }) => content,
        refusalOf,
      );
    await eventually(async () => expect(await reads('')).toBe('person-needed'));
    const { personIds } = await call(world().vault, 'listPeople', { holdId }, staff);
    const contents = await Promise.all(personIds.map(reads));
    expect(contents.toSorted()).toEqual([...WORDS].toSorted());

    const mother = personIds[contents.indexOf(WORDS[0])] ?? '';
    const note = {
      caseId: '',
      holdId,
      noteId: randomUUID(),
      content: 'Synthetic allergy',
      safety: 'allergy',
    };
    const unnamed = call(world().vault, 'writeNote', { ...note, personId: '' }, staff);
    expect(await unnamed.catch(refusalOf)).toBe('person-needed');
    await call(world().vault, 'writeNote', { ...note, personId: mother }, staff);
    const caseworker = await world().responders.as('caseworker');
    const kinds = await Promise.all(
      cases.map(async ({ caseId }) => {
        const search = { caseId, holdId: '', personId: '', purpose: 'health-care' };
        return (await call(world().words, 'listSafetyNotes', search, caseworker)).notes.map(
          ({ kind }) => kind,
        );
      }),
    );
    expect(kinds).toEqual([['allergy'], []]);
  });
}

/** A case with an identity section, which a shelter may read. */
async function caseWithIdentity(world: World, content: string) {
  const one = await openVaultCase(world);
  const { caseId } = one;
  const words = { caseId, section: 'identity', content, corrects: '' };
  await call(world.vault, 'writeSection', words, await world.responders.as('caseworker'));
  await recordPermission(world, caseId);
  return one;
}
