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

/** An organisation with a service of this class in the directory. */
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
  const denied = {
    denialId: randomUUID(),
    purpose: 'accommodation',
    sections: ['health'],
    given: vault.given(),
  };
  const denial = { ...denied, organisationIds, serviceClasses };
  return vault.inTransaction((tx) =>
    permissions.refuse(tx, vault.pack, caseId, denial, callOf(owner)),
  );
};

describe('a document that the person can be forced to show', () => {
  it('names no shelter when it is a receipt, neither as a recipient nor as an exclusion', async () => {
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

  it('does not name an organisation of unknown service class when it is a receipt', async () => {
    const [subject, unheard] = [await vault.opened(), (await vault.opened()).owner];
    const permissionId = await vault.permits(subject, 'health', to([unheard]));
    expect(await receiptOf(subject, permissionId)).toMatchObject({
      response: { recipients: ['one-of:unnamed'] },
    });
  });

  it('names no shelter when it is an access preview, the answer to a withdrawal, or the disclosures before it', async () => {
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
    const withdrawn = await vault.inTransaction((tx) =>
      withdrawals.withdraw(tx, vault.pack, asked, callOf(owner)),
    );
    const details = await vault.inTransaction((tx) =>
      withdrawals.find(tx, vault.pack, { caseId, permissionId }, callOf(owner)),
    );
    expect(details).toMatchObject({
      response: { disclosedBefore: [{ service_class: 'safe-accommodation' }] },
    });
    for (const one of [what, withdrawn]) expect(JSON.stringify(one)).not.toContain(shelter);
  });
});

describe('the preview of a change', () => {
  it('shows that safety notes stay readable with a relation and are lost with a withdrawn permission', async () => {
    const subject = await vault.opened();
    const [shelter, clinic] = [await listed('safe-accommodation'), await listed('medical-care')];
    await vault.fromReferral(relationBegan(subject, shelter));
    await vault.notes(subject, 'allergy');
    const receiversOfClinic = { purpose: 'health-care', ...to([clinic]) };
    const permissionId = await vault.permits(subject, 'health', receiversOfClinic);
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

  it('is refused like the change itself, here for an unknown excluded organisation', async () => {
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

describe('a consent record', () => {
  it('is shown in full to the owner of the case and the country’s data protection officer only', async () => {
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
    for (const given of [
      await detail(subject.owner),
      await detail(vault.deskHolderOf(officer), officer),
    ])
      expect(given).toMatchObject({ response: { record, state: 'valid', narrowedBy: [] } });
    for (const other of [await detail(randomUUID()), await detail(randomUUID(), officer)])
      expect(other).toEqual({ kind: 'refused', refusal: 'not-found', field: 'case_id' });
    await denies(subject, [shelter]);
    expect(await detail(subject.owner)).toMatchObject({
      response: { state: 'no-receiver-left', narrowedBy: { length: 1 } },
    });
  });

  it('is in one list with agreements, newest first, page by page', async () => {
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
