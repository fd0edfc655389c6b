import { randomUUID } from 'node:crypto';
import { Urgency } from '@opennrm/contracts/opennrm/referral/v1/request.ts';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import { recordAnswers, request } from '../person.ts';
import { openShelter } from '../shelter.ts';
import { eventually, readReferral, untilOffered, untilState, type World } from '../world.ts';
import {
  consentDetails,
  noReceivers,
  openVaultCase,
  permission,
  recordPermission,
} from './consent-details.ts';
import { registeredLawyer } from './registered-lawyer.ts';

/** The authority of the sample country that also enforces. */
const ENFORCING = '5a000000-0000-4000-8000-00000000000b';

export function ownView(world: () => World): void {
  it('a preview shows what a permission or a withdrawal would change, and stores nothing', async () => {
    const { caseId } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const lawyer = await registeredLawyer(world());
    const wish = permission(world(), caseId, {
      purpose: 'legal-aid',
      sections: ['legal'],
      receivers: { ...noReceivers, organisationIds: [lawyer.id] },
    });
    const ask = (proposedPermission: typeof wish | undefined, withdrawnPermissionId = '') =>
      call(
        world().consents,
        'previewAccess',
        { caseId, proposedPermission, withdrawnPermissionId },
        caseworker,
      );
    const access = {
      organisationId: lawyer.id,
      section: 'legal',
      purpose: 'legal-aid',
      basis: 'permission',
    };
    expect((await ask(wish)).gained).toMatchObject([access]);
    expect(
      (await ask(undefined)).unchanged.filter(({ organisationId }) => organisationId === lawyer.id),
    ).toEqual([]);

    // Behind an information barrier a permission gives no access, and the preview shows that.
    const enforcing = { ...wish, receivers: { ...noReceivers, organisationIds: [ENFORCING] } };
    expect((await ask(enforcing)).gained).toEqual([]);

    await call(world().vault, 'grantPermission', wish, caseworker);
    expect((await ask(undefined)).unchanged).toContainEqual(expect.objectContaining(access));
    expect((await ask(undefined, wish.permissionId)).lost).toMatchObject([access]);
    const stranger = {
      ...wish,
      permissionId: randomUUID(),
      receivers: { ...noReceivers, organisationIds: [randomUUID()] },
    };
    expect(await ask(stranger).catch(refusalOf)).toBe('unknown-receiver');
  });

  it('a denial is recorded as simply as a permission and narrows earlier permissions, and both have a receipt', async () => {
    const [willing, refused] = [await openShelter(world()), await openShelter(world())];
    const { caseId, referenceFor } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const permissionId = await recordPermission(world(), caseId);
    const denialId = randomUUID();
    const denial = {
      caseId,
      denialId,
      purpose: 'accommodation',
      sections: ['identity'],
      organisationIds: [refused.id],
      serviceClasses: [] as string[],
      ...consentDetails(),
    };
    await call(world().consents, 'recordDenial', denial, caseworker);
    const asked = {
      urgency: Urgency.URGENT,
      basis: '',
      caseReferences: [referenceFor('referral')],
    };
    const person = await request(world(), asked);
    await untilOffered(world(), willing);
    await eventually(async () => {
      const { offers } = await readReferral(world(), person.referralId);
      const open = offers
        .filter(({ status }) => status !== 'withdrawn')
        .map(({ serviceId }) => serviceId);
      expect(open).toEqual([willing.serviceId]);
    });

    const detail = await call(
      world().consents,
      'getPermission',
      { caseId, permissionId },
      caseworker,
    );
    expect(detail).toMatchObject({
      state: 'narrowed',
      narrowedBy: [denialId],
      form: 'spoken',
      guardianId: '',
    });
    const receipt = (recordId: string) =>
      call(world().consents, 'getReceipt', { caseId, recordId }, caseworker);
    expect(await receipt(permissionId)).toMatchObject({
      purpose: 'accommodation',
      recipients: ['safe-accommodation'],
      events: [
        { state: 'given', by: 'person' },
        { state: 'narrowed', by: 'person', cause: denialId },
      ],
    });
    // The receipt does not name the denied shelter, because somebody may force the person to show it.
    expect(await receipt(denialId)).toMatchObject({
      recipients: ['one-of:safe-accommodation'],
      events: [{ state: 'denied' }],
    });

    // A permission that was given before the denial, and is recorded after it, widens nothing.
    const late = permission(world(), caseId, {
      givenAt: new Date(world().now() - hours(2)),
      receivers: { ...noReceivers, organisationIds: [refused.id] },
    });
    const tried = call(world().vault, 'grantPermission', late, caseworker);
    expect(await tried.catch(refusalOf)).toBe('denied-since');
  });

  it('the list of consents shows agreements, permissions and legal bases side by side', async () => {
    const shelter = await openShelter(world());
    const { caseId, referenceFor } = await openVaultCase(world());
    const permissionId = await recordPermission(world(), caseId);
    const asked = {
      urgency: Urgency.URGENT,
      basis: '',
      caseReferences: [referenceFor('referral')],
    };
    const person = await request(world(), asked);
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    const caseworker = await world().responders.as('caseworker');
    await eventually(async () => {
      const { agreements, permissions, bases } = await call(
        world().consents,
        'listConsents',
        { caseId, pageSize: 0, pageToken: '' },
        caseworker,
      );
      // The organisation is not named, because somebody may force the person to show this list.
      expect(agreements).toMatchObject([
        { serviceClass: 'safe-accommodation', organisationId: '', agreed: true },
      ]);
      expect(permissions).toMatchObject([{ permissionId, state: 'valid', givenBy: 'person' }]);
      expect(bases).toEqual([]);
    });
  });

  it('contact with the person is allowed only by a safe channel, in safe hours, for an organisation with a relation', async () => {
    const { caseId } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const ask = async (channel: string, who = world().responders) =>
      (
        await call(
          world().persons,
          'checkContact',
          { caseId, holdId: '', personId: '', channel },
          await who.as('caseworker'),
        )
      ).isAllowed;
    expect(await ask('text-message')).toBe(false);
    const rules = [
      { channel: 'text-message', from: '00:00', until: '00:00', mayLeaveMessage: false },
    ];
    await call(world().persons, 'setSafeContact', { caseId, rules }, caseworker);
    expect([await ask('text-message'), await ask('letter')]).toEqual([true, false]);
    expect(await ask('text-message', world().organisation())).toBe(false);
    await call(world().persons, 'setSafeContact', { caseId, rules: [] }, caseworker);
    expect(await ask('text-message')).toBe(false);
  });

  it("every version of an entry is kept with its reason and with the person's disagreement", async () => {
    const { caseId } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const writes = (content: string, corrects: string) =>
      call(
        world().vault,
        'writeSection',
        { caseId, section: 'story', content, corrects },
        caseworker,
      );
    expect(await writes('Synthetic first', 'wrong').catch(refusalOf)).toBe('nothing-to-correct');
    await writes('Synthetic first', '');
    await writes('Synthetic second', 'person-corrected');
    const noteId = randomUUID();
    await call(
      world().vault,
      'writeNote',
      { caseId, holdId: '', personId: '', noteId, content: 'Synthetic no', safety: '' },
      caseworker,
    );
    const against = { caseId, section: 'story', version: 1, noteId };
    await call(world().words, 'recordDisagreement', against, caseworker);
    const { versions } = await call(
      world().words,
      'listSectionVersions',
      { caseId, section: 'story' },
      caseworker,
    );
    expect(
      versions.map(({ version, corrects, disagreementNoteIds }) => [
        version,
        corrects,
        disagreementNoteIds,
      ]),
    ).toEqual([
      [2, 'person-corrected', []],
      [1, '', [noteId]],
    ]);
    // A correction does not end the disagreement: only the person can retract it.
    const wish = {
      caseId,
      holdId: '',
      personId: '',
      person: 0,
      section: 'story',
      purpose: 'accommodation',
    };
    const first = await call(world().vault, 'readSection', { ...wish, version: 1 }, caseworker);
    expect(first).toMatchObject({ content: 'Synthetic first', disagreementNoteIds: [noteId] });
    const newest = await call(world().vault, 'readSection', { ...wish, version: 0 }, caseworker);
    expect(newest).toMatchObject({
      content: 'Synthetic second',
      version: 2,
      disagreementNoteIds: [noteId],
    });
    await call(
      world().words,
      'retractDisagreement',
      { caseId, section: 'story', noteId },
      caseworker,
    );
    const settled = await call(world().vault, 'readSection', { ...wish, version: 0 }, caseworker);
    expect(settled.disagreementNoteIds).toEqual([]);
  });
}
