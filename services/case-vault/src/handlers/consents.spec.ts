import { randomUUID } from 'node:crypto';
import { hours, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewPermission } from '../domain/permission/consent-records.ts';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as consents from './consents.ts';
import * as permissions from './permissions.ts';
import { previewAccess } from './preview-access.ts';
import * as withdrawals from './withdrawals.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

/** A body of which the directory says what it does. */
async function listed(serviceClass: string): Promise<string> {
  const organisationId: string = randomUUID();
  await vault.fromReferral({
    $case: 'organisationRegistered',
    value: { organisationId, kind: 'non-governmental' },
  });
  const value = { serviceId: randomUUID(), organisationId, serviceClass };
  await vault.fromReferral({ $case: 'serviceRegistered', value });
  return organisationId;
}
const to = (organisationIds: string[], excludedOrganisationIds: string[] = []) => ({
  receivers: {
    excludedRegions: ['south'],
    excludedOrganisationIds,
    organisationIds,
    serviceClasses: [],
  },
});
const receiptOf = ({ caseId, owner }: Subject, recordId: string) =>
  vault.inTransaction((tx) =>
    consents.receipt(tx, vault.pack, { caseId, recordId }, callOf(owner)),
  );
const previews = ({ caseId, owner }: Subject, proposed: Parameters<typeof previewAccess>[3]) =>
  vault.inTransaction((tx) => previewAccess(tx, vault.pack, caseId, proposed, callOf(owner)));
const denies = (
  { caseId, owner }: Subject,
  organisationIds: string[],
  serviceClasses: string[] = [],
) => {
  const no = {
    denialId: randomUUID(),
    purpose: 'accommodation',
    sections: ['health'],
    given: vault.given(),
  };
  const denial = { ...no, organisationIds, serviceClasses };
  return vault.inTransaction((tx) =>
    permissions.refuse(tx, vault.pack, caseId, denial, callOf(owner)),
  );
};

describe('what the person can be forced to show names no place', () => {
  it('not on the receipt of a permission to a shelter without a relation yet, nor of one that excludes a shelter', async () => {
    const subject = await vault.opened();
    const [shelter, another, lawyer] = [
      await listed('safe-accommodation'),
      await listed('safe-accommodation'),
      await listed('legal-aid'),
    ];
    const permissionId = await vault.permits(subject, 'health', to([shelter, lawyer], [another]));
    const given = await receiptOf(subject, permissionId);
    expect(given).toMatchObject({
      response: {
        recipients: ['one-of:safe-accommodation', lawyer],
        excludedRecipients: ['one-of:safe-accommodation'],
      },
    });
    expect(JSON.stringify(given)).not.toMatch(
      new RegExp([shelter, another, subject.caseId].join('|')),
    );
  });

  it('not one of which nobody has said what it does', async () => {
    const [subject, unheard] = [await vault.opened(), (await vault.opened()).owner];
    const permissionId = await vault.permits(subject, 'health', to([unheard]));
    expect(await receiptOf(subject, permissionId)).toMatchObject({
      response: { recipients: ['one-of:unnamed'] },
    });
  });

  it('not in what would be, nor in what stays after a withdrawal, nor in what was told before', async () => {
    const subject = await vault.opened();
    const shelter = await listed('safe-accommodation');
    await vault.writes(subject, 'health', 'Synthetic health of nobody');
    await vault.fromReferral(relationBegan(subject, shelter));
    const permissionId = await vault.permits(subject, 'health');
    await vault.reads(subject.caseId, shelter, 'health');
    const { caseId, owner } = subject;
    const what = await previews(subject, {
      permission: undefined,
      withdrawnPermissionId: permissionId,
    });
    expect(what).toMatchObject({
      response: {
        lost: [{ organisation: undefined, serviceClass: 'safe-accommodation', section: 'health' }],
      },
    });
    const asked = { caseId, permissionId, channel: 'in-person' } as const;
    const said = await vault.inTransaction((tx) =>
      withdrawals.withdraw(tx, vault.pack, asked, callOf(owner)),
    );
    const told = await vault.inTransaction((tx) =>
      withdrawals.find(tx, vault.pack, { caseId, permissionId }, callOf(owner)),
    );
    expect(told).toMatchObject({
      response: { disclosedBefore: [{ service_class: 'safe-accommodation' }] },
    });
    for (const one of [what, said]) expect(JSON.stringify(one)).not.toContain(shelter);
  });
});

describe('what would be', () => {
  it('counts the safety notes: they stay with whoever cares for the person, and go with the permission that they rested on', async () => {
    const subject = await vault.opened();
    const [shelter, clinic] = [await listed('safe-accommodation'), await listed('medical-care')];
    await vault.fromReferral(relationBegan(subject, shelter));
    await vault.notes(subject, 'allergy');
    const yes = { purpose: 'health-care', ...to([clinic]) };
    const permissionId = await vault.permits(subject, 'health', yes);
    const given = await previews(subject, {
      permission: undefined,
      withdrawnPermissionId: permissionId,
    });
    const note = { section: 'safety-note:allergy' };
    expect(given).toMatchObject({
      response: {
        lost: [
          { organisation: clinic, section: 'health' },
          { organisation: clinic, basis: 'permission', ...note },
        ],
        unchanged: [{ organisation: undefined, basis: 'vital-interest', ...note }],
      },
    });
  });

  it('is refused as the deed is: nobody unknown is left out either', async () => {
    const subject = await vault.opened();
    const permission: NewPermission = {
      permissionId: randomUUID(),
      purpose: 'accommodation',
      sections: ['health'],
      given: vault.given(),
      validFrom: noon,
      validUntil: later(noon, hours(1)),
      after: undefined,
      renews: undefined,
      ...to([subject.owner], [randomUUID()]),
    };
    expect(await previews(subject, { permission, withdrawnPermissionId: undefined })).toMatchObject(
      {
        refusal: 'unknown-receiver',
      },
    );
  });
});

describe('how it was given', () => {
  it('is read back in full by those who answer for the file: receivers, exclusions, explanations, who helped and who wrote', async () => {
    const subject = await vault.opened();
    const shelter = await listed('safe-accommodation');
    const [interpreterId, witnessId] = [randomUUID(), randomUUID()];
    const how = vault.given({ interpreter: true, interpreterId, witnessId, form: 'signed' });
    const permissionId = await vault.permits(subject, 'health', { ...to([shelter]), given: how });
    const detail = (who: string, role?: string) =>
      vault.inTransaction((tx) =>
        consents.detail(tx, { caseId: subject.caseId, permissionId }, callOf(who, noon, role)),
      );
    const { guardianId: _guardian, childView: _view, ...kept } = how;
    const record = { receivers: to([shelter]).receivers, given: kept };
    const officer = 'data-protection-officer';
    for (const given of [await detail(subject.owner), await detail(vault.bodyOf(officer), officer)])
      expect(given).toMatchObject({ response: { record, state: 'valid', narrowedBy: [] } });
    for (const other of [await detail(randomUUID()), await detail(randomUUID(), officer)])
      expect(other).toEqual({ kind: 'refused', refusal: 'not-found', field: 'case_id' });
    await denies(subject, [shelter]);
    expect(await detail(subject.owner)).toMatchObject({
      response: { state: 'no-receiver-left', narrowedBy: { length: 1 } },
    });
  });

  it('stands in one list of all three records, newest first, page by page', async () => {
    const subject = await vault.opened();
    const { caseId, owner, reference } = subject;
    const shelter = await listed('safe-accommodation');
    for (const n of [1, 2, 3])
      await vault.permits(subject, 'health', {
        given: vault.given({ at: later(noon, -hours(2 * n)) }),
      });
    const agreed = {
      caseReference: reference,
      holdId: randomUUID(),
      serviceId: randomUUID(),
      organisationId: shelter,
    };
    const at = new Date(later(noon, -hours(3)));
    const value = { ...agreed, serviceClass: 'safe-accommodation', agreed: true, at };
    await vault.fromReferral({ $case: 'agreementRecorded', value });
    const page = async (before: { at: number; id: string }) => {
      const given = await vault.inTransaction((tx) =>
        consents.list(tx, vault.pack, caseId, { before, size: 3 }, callOf(owner)),
      );
      return given.kind === 'answer' ? given.response : [];
    };
    const first = await page({ at: 9e15, id: randomUUID() });
    const last = first.at(-1) ?? { at: 0, id: '' };
    const all = [...first, ...(await page({ at: last.at, id: last.id }))];
    expect(all.map(({ kind }) => kind)).toEqual([
      'permission',
      'agreement',
      'permission',
      'permission',
    ]);
  });
});
