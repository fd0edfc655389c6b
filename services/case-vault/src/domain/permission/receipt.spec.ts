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
  it('says in codes what was permitted, to whom, from when, how, and how it is withdrawn', () =>
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

  it('says who helped and who witnessed', () => {
    const how = given({ interpreter: true, interpreterId: 'i1', witnessId: 'w1' });
    const file = fileAfter({ type: 'PermissionGranted', permission: permission({ given: how }) });
    expect(receiptOf(file, 'p1', shown, noon)).toMatchObject({
      collectionMethod: 'spoken-with-interpreter',
      interpreterId: 'i1',
      witnessId: 'w1',
    });
  });

  it('lists exclusions', () =>
    expect(receipt()).toMatchObject({
      excludedRegions: ['south'],
      excludedRecipients: ['one-of:safe-accommodation', 'court'],
    }));

  it('never names accommodation', () => {
    expect(receipt()?.recipients).toEqual(['medical-care', 'one-of:safe-accommodation', 'lawyer']);
    expect(JSON.stringify(receipt())).not.toContain('shelter-');
  });

  it('is about somebody whose file nobody finds by it', () => {
    expect(receipt()).toMatchObject({ principalId: 'somebody' });
    expect(JSON.stringify(receipt())).not.toContain(caseId);
  });

  it('says the state of the permission: given, expired, withdrawn by the person', () => {
    expect(events()).toEqual([['given', 'person', '']]);
    expect(events(hour(24))?.at(-1)).toEqual(['expired', 'nobody', 'expired']);
    expect(events(hour(2), ended('withdrawn'))?.at(-1)).toEqual([
      'withdrawn',
      'person',
      'withdrawn',
    ]);
  });

  it("an end that was not the person's decision is shown as ended by nobody", () => {
    for (const cause of ['came-of-age', 'age-determined', 'guardian-suspected'] as const)
      expect(events(hour(2), ended(cause))?.at(-1)).toEqual(['ended', 'nobody', cause]);
  });

  it('shows the no that came later, and its record', () =>
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

  it('says who took this permission back, whoever took back another', () => {
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

  it('is made of the permission that is asked for, whatever else was permitted', () => {
    const other = permission({ permissionId: 'p2', purpose: 'health-care' });
    const file = fileAfter(granted, { type: 'PermissionGranted', permission: other });
    expect(receiptOf(file, 'p2', shown, noon)).toMatchObject({
      recordId: 'p2',
      purpose: 'health-care',
    });
  });

  it('is made of a no as well, and of nothing that was never said', () => {
    const file = fileAfter({ type: 'DenialRecorded', denial: denial });
    expect(receiptOf(file, 'n1', shown, noon)).toMatchObject({
      recipients: ['one-of:safe-accommodation'],
      events: [{ state: 'denied', by: 'person' }],
    });
    expect(receiptOf(file, 'p1', shown, noon)).toBeUndefined();
  });
});
