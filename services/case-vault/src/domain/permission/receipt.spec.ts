import { describe, expect, it } from 'vitest';
import { caseId, fileAfter, given, hour, noon, permission } from '../case.fixture.ts';
import type { CaseFileEvent } from '../events.ts';
import type { ConsentDenial, EndCause } from './consent-records.ts';
import { type ReceiptContext, receiptOf } from './receipt.ts';

const shown: ReceiptContext = {
  country: 'sample',
  principalId: 'somebody',
  nameOf: (organisation) =>
    organisation.startsWith('shelter') ? 'one-of:safe-accommodation' : organisation,
};
const receivers = {
  excludedRegions: ['south'],
  excludedOrganisationIds: ['shelter-2', 'court'],
  serviceClasses: ['medical-care'],
  organisationIds: ['shelter-1', 'lawyer'],
};
const granted: CaseFileEvent = { type: 'PermissionGranted', permission: permission({ receivers }) };
const denial: ConsentDenial = {
  denialId: 'n1',
  purpose: 'accommodation',
  sections: ['health'],
  organisationIds: ['shelter-1'],
  serviceClasses: [],
  given: given({ at: hour(1) }),
};
const receipt = (at = noon, ...events: CaseFileEvent[]) =>
  receiptOf(fileAfter(granted, ...events), 'p1', shown, at);
const events = (at = noon, ...more: CaseFileEvent[]) =>
  receipt(at, ...more)?.events.map(({ state, by, cause }) => [state, by, cause]);
const ended = (cause: EndCause): CaseFileEvent => ({
  type: 'PermissionWithdrawn',
  permissionId: 'p1',
  at: hour(1),
  cause,
});

describe('a receipt', () => {
  it('states in codes the sections, the purpose, how it was given, and how it is withdrawn', () =>
    expect(receipt()).toMatchObject({
      recordId: 'p1',
      purpose: 'accommodation',
      informationCategories: ['health'],
      language: 'en',
      collectionMethod: 'spoken',
      withdrawalMethod: 'in-person-written-or-by-telephone-at-any-time',
      validFrom: noon,
      explained: ['who-receives', 'what-for', 'may-be-withdrawn', 'denial-costs-nothing'],
    }));

  it('names the interpreter and the witness', () => {
    const how = given({ interpreter: true, interpreterId: 'i1', witnessId: 'w1' });
    const file = fileAfter({ type: 'PermissionGranted', permission: permission({ given: how }) });
    expect(receiptOf(file, 'p1', shown, noon)).toMatchObject({
      collectionMethod: 'spoken-with-interpreter',
      interpreterId: 'i1',
      witnessId: 'w1',
    });
  });

  it('lists excluded regions and organisations', () =>
    expect(receipt()).toMatchObject({
      excludedRegions: ['south'],
      excludedRecipients: ['one-of:safe-accommodation', 'court'],
    }));

  it('never names an accommodation provider', () => {
    expect(receipt()?.recipients).toEqual(['medical-care', 'one-of:safe-accommodation', 'lawyer']);
    expect(JSON.stringify(receipt())).not.toContain('shelter-');
  });

  it('does not contain the case id', () => {
    expect(receipt()).toMatchObject({ principalId: 'somebody' });
    expect(JSON.stringify(receipt())).not.toContain(caseId);
  });

  it('shows that the permission was given, has expired or was withdrawn by the person', () => {
    expect(events()).toEqual([['given', 'person', '']]);
    expect(events(hour(24))?.at(-1)).toEqual(['expired', 'nobody', 'expired']);
    expect(events(hour(2), ended('withdrawn'))?.at(-1)).toEqual([
      'withdrawn',
      'person',
      'withdrawn',
    ]);
  });

  it("shows an end that was not the person's decision as ended by nobody", () => {
    for (const cause of ['came-of-age', 'age-determined', 'guardian-suspected'] as const)
      expect(events(hour(2), ended(cause))?.at(-1)).toEqual(['ended', 'nobody', cause]);
  });

  it('shows a later denial with its id', () =>
    expect(events(hour(2), { type: 'DenialRecorded', denial: denial })).toEqual([
      ['given', 'person', ''],
      ['narrowed', 'person', 'n1'],
    ]));

  it('shows several denials in the order in which they were made', () => {
    const later: ConsentDenial = {
      ...denial,
      denialId: 'n2',
      organisationIds: ['lawyer'],
      given: given({ at: hour(2) }),
    };
    const refused = (denial: ConsentDenial): CaseFileEvent => ({ type: 'DenialRecorded', denial });
    const records = events(hour(3), refused(later), refused(denial))?.map(([, , cause]) => cause);
    expect(records).toEqual(['', 'n1', 'n2']);
  });

  it('shows who withdrew this permission, not who withdrew another one', () => {
    const begun = (permissionId: string, guardianId: string | undefined): CaseFileEvent => ({
      type: 'WithdrawalBegun',
      withdrawal: {
        permissionId,
        at: hour(1),
        cause: 'withdrawn',
        channel: 'in-person',
        audiences: [],
        calledBack: undefined,
        statement: { guardianId, language: 'en', at: hour(1) },
      },
    });
    const by = (...withdrawals: CaseFileEvent[]) =>
      receipt(hour(2), ended('withdrawn'), ...withdrawals)?.events.at(-1)?.by;
    expect(by(begun('p2', 'g1'), begun('p1', undefined))).toBe('person');
    expect(by(begun('p2', undefined), begun('p1', 'g1'))).toBe('guardian');
  });

  it('is about the requested permission when the file has several', () => {
    const other = permission({ permissionId: 'p2', purpose: 'health-care' });
    const file = fileAfter(granted, { type: 'PermissionGranted', permission: other });
    expect(receiptOf(file, 'p2', shown, noon)).toMatchObject({
      recordId: 'p2',
      purpose: 'health-care',
    });
  });

  it('exists for a denial, and not for an unknown id', () => {
    const file = fileAfter({ type: 'DenialRecorded', denial: denial });
    expect(receiptOf(file, 'n1', shown, noon)).toMatchObject({
      recipients: ['one-of:safe-accommodation'],
      events: [{ state: 'denied', by: 'person' }],
    });
    expect(receiptOf(file, 'p1', shown, noon)).toBeUndefined();
  });
});
