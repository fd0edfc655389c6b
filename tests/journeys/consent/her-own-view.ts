import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/service.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { request, says } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from '../world.ts';
import { opened, permission, permits, spoken, toNobody } from './spoken.ts';

/** The authority of the sample country that also enforces. */
const ENFORCING = '5a000000-0000-4000-8000-00000000000b';

export function herOwnView(world: () => World): void {
  it('what would be if she said yes, or took it back, is what then is; nothing of the question is kept', async () => {
    const { caseId } = await opened(world());
    const caseworker = await world().responders.as('caseworker');
    const lawyer = await registered(world());
    const wish = permission(world(), caseId, {
      ...{ purpose: 'legal-aid', sections: ['legal'], receivers: { ...toNobody, organisationIds: [lawyer.id] } },
    });
    const ask = (yes: typeof wish | undefined, withdrawnPermissionId = '') =>
      call(world().consents, 'whatIf', { caseId, yes, withdrawnPermissionId }, caseworker);
    const sight = { organisationId: lawyer.id, section: 'legal', purpose: 'legal-aid', basis: 'permission' };
    expect((await ask(wish)).gained).toMatchObject([sight]);
    expect((await ask(undefined)).stays.filter(({ organisationId }) => organisationId === lawyer.id)).toEqual([]);

    // Behind a wall a yes opens nothing, and the question says so.
    const enforcing = { ...wish, receivers: { ...toNobody, organisationIds: [ENFORCING] } };
    expect((await ask(enforcing)).gained).toEqual([]);

    await call(world().vault, 'grantPermission', wish, caseworker);
    expect((await ask(undefined)).stays).toContainEqual(expect.objectContaining(sight));
    expect((await ask(undefined, wish.permissionId)).lost).toMatchObject([sight]);
    const stranger = {
      ...wish,
      permissionId: randomUUID(),
      receivers: { ...toNobody, organisationIds: [randomUUID()] },
    };
    expect(await ask(stranger).catch(refusalOf)).toBe('unknown-receiver');
  });

  it('a no is as plain as a yes: it narrows what was permitted at the next question, and both have a receipt', async () => {
    const [willing, refused] = [await openShelter(world()), await openShelter(world())];
    const { caseId, referenceFor } = await opened(world());
    const caseworker = await world().responders.as('caseworker');
    const permissionId = await permits(world(), caseId);
    const refusalId = randomUUID();
    const no = {
      ...{ caseId, refusalId, purpose: 'accommodation', sections: ['identity'] },
      ...{ organisationIds: [refused.id], serviceClasses: [] as string[], ...spoken() },
    };
    await call(world().consents, 'refusePermission', no, caseworker);
    const asked = { urgency: Urgency.URGENT, basis: '', caseReferences: [referenceFor('referral')] };
    const person = await request(world(), asked);
    await untilOffered(world(), willing);
    await eventually(async () => {
      const { offers } = await readReferral(world(), person.referralId);
      const open = offers.filter(({ status }) => status !== 'withdrawn').map(({ serviceId }) => serviceId);
      expect(open).toEqual([willing.serviceId]);
    });

    const detail = await call(world().consents, 'getPermission', { caseId, permissionId }, caseworker);
    expect(detail).toMatchObject({ state: 'narrowed', narrowedBy: [refusalId], form: 'spoken', guardianId: '' });
    const receipt = (recordId: string) => call(world().consents, 'getReceipt', { caseId, recordId }, caseworker);
    expect(await receipt(permissionId)).toMatchObject({
      ...{ purpose: 'accommodation', recipients: ['safe-accommodation'] },
      events: [
        { state: 'given', by: 'person' },
        { state: 'narrowed', by: 'person', because: refusalId },
      ],
    });
    // The shelter that she refused is named to nobody whom she must show it.
    expect(await receipt(refusalId)).toMatchObject({
      ...{ recipients: ['one-of:safe-accommodation'], events: [{ state: 'refused' }] },
    });

    // A yes that was said before the no, and is written down only now, widens nothing.
    const late = permission(world(), caseId, {
      ...{ givenAt: new Date(world().now() - hours(2)), receivers: { ...toNobody, organisationIds: [refused.id] } },
    });
    const tried = call(world().vault, 'grantPermission', late, caseworker);
    expect(await tried.catch(refusalOf)).toBe('said-no-since');
  });

  it('shows her three records side by side: what she agreed to be given, whom she permits to know, and on what law others rely', async () => {
    const shelter = await openShelter(world());
    const { caseId, referenceFor } = await opened(world());
    const permissionId = await permits(world(), caseId);
    const asked = { urgency: Urgency.URGENT, basis: '', caseReferences: [referenceFor('referral')] };
    const person = await request(world(), asked);
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    await says(world(), person, true);
    const caseworker = await world().responders.as('caseworker');
    await eventually(async () => {
      const { agreements, permissions, bases } = await call(
        world().consents,
        'listConsents',
        { caseId, pageSize: 0, pageToken: '' },
        caseworker,
      );
      // Where she is told to live stands in no list that somebody may make her show.
      expect(agreements).toMatchObject([{ serviceClass: 'safe-accommodation', organisationId: '', agreed: true }]);
      expect(permissions).toMatchObject([{ permissionId, state: 'standing', givenBy: 'person' }]);
      expect(bases).toEqual([]);
    });
  });

  it('nobody writes to her but by a way that she called safe, in her hours, and who has to do with her', async () => {
    const { caseId } = await opened(world());
    const caseworker = await world().responders.as('caseworker');
    const ask = async (channel: string, who = world().responders) =>
      (
        await call(
          world().persons,
          'mayContact',
          { caseId, holdId: '', personId: '', channel },
          await who.as('caseworker'),
        )
      ).may;
    expect(await ask('text-message')).toBe(false);
    const rules = [{ channel: 'text-message', from: '00:00', until: '00:00', mayLeaveWord: false }];
    await call(world().persons, 'setSafeContact', { caseId, rules }, caseworker);
    expect([await ask('text-message'), await ask('letter')]).toEqual([true, false]);
    expect(await ask('text-message', world().organisation())).toBe(false);
    await call(world().persons, 'setSafeContact', { caseId, rules: [] }, caseworker);
    expect(await ask('text-message')).toBe(false);
  });

  it('keeps every version with its reason, and her word against it beside it', async () => {
    const { caseId } = await opened(world());
    const caseworker = await world().responders.as('caseworker');
    const writes = (content: string, corrects: string) =>
      call(world().vault, 'writeSection', { caseId, section: 'story', content, corrects }, caseworker);
    expect(await writes('Synthetic first', 'wrong').catch(refusalOf)).toBe('nothing-to-correct');
    await writes('Synthetic first', '');
    await writes('Synthetic second', 'said-otherwise');
    const noteId = randomUUID();
    await call(
      world().vault,
      'writeNote',
      { caseId, holdId: '', personId: '', noteId, content: 'Synthetic no', safety: '' },
      caseworker,
    );
    const against = { caseId, section: 'story', version: 1, noteId };
    await call(world().words, 'recordDisagreement', against, caseworker);
    const { versions } = await call(world().words, 'listSectionVersions', { caseId, section: 'story' }, caseworker);
    expect(
      versions.map(({ version, corrects, disagreementNoteIds }) => [version, corrects, disagreementNoteIds]),
    ).toEqual([
      [2, 'said-otherwise', []],
      [1, '', [noteId]],
    ]);
    // A correction does not answer her: only she ends what she says.
    const wish = { caseId, holdId: '', personId: '', person: 0, section: 'story', purpose: 'accommodation' };
    const first = await call(world().vault, 'readSection', { ...wish, version: 1 }, caseworker);
    expect(first).toMatchObject({ content: 'Synthetic first', disagreementNoteIds: [noteId] });
    const newest = await call(world().vault, 'readSection', { ...wish, version: 0 }, caseworker);
    expect(newest).toMatchObject({ content: 'Synthetic second', version: 2, disagreementNoteIds: [noteId] });
    await call(world().words, 'takeBackDisagreement', { caseId, section: 'story', noteId }, caseworker);
    const settled = await call(world().vault, 'readSection', { ...wish, version: 0 }, caseworker);
    expect(settled.disagreementNoteIds).toEqual([]);
  });
}

/** A lawyer of whom the directory says so, and who has nothing to do with her. */
async function registered(world: World) {
  const organisation = world.organisation();
  const staff = await organisation.as('provider-staff');
  const asked = { organisationId: organisation.id, kind: 'non-governmental' };
  await call(world.directory, 'registerOrganisation', asked, staff);
  await call(world.directory, 'registerService', legalAid(organisation.id), staff);
  const { caseId } = await opened(world);
  const caseworker = await world.responders.as('caseworker');
  const permissionId = await eventually(() =>
    permits(world, caseId, { receivers: { ...toNobody, organisationIds: [organisation.id] } }),
  );
  // Until the vault has heard what it does, it is named to nobody.
  await eventually(async () => {
    const { recipients } = await call(world.consents, 'getReceipt', { caseId, recordId: permissionId }, caseworker);
    expect(recipients).toEqual([organisation.id]);
  });
  return organisation;
}

const legalAid = (organisationId: string) => ({
  ...{ serviceId: randomUUID(), organisationId, need: 'legal-aid', region: 'harbour', acceptance: 'by-offer' },
  criteria: {
    ...{ groups: ['women'], smallestParty: 1, largestParty: 1, accessibility: [], languages: ['en'], care: [] },
    ...{ risksNotAccepted: [], specialisms: [], childLicence: false, fundingRequired: false },
  },
  ...{ openHours: [], nightCover: false, openOnHolidays: false, promisedAnswerMinutes: 60 },
});
