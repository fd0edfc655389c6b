import { ForIdentificationIntake } from '@opennrm/contracts/opennrm/case_vault/v1/for_identification_intake.ts';
import { ForReferral } from '@opennrm/contracts/opennrm/case_vault/v1/for_referral.ts';
import { topics } from '@opennrm/contracts/topics';
import { describe, expect, it } from 'vitest';
import {
  basis,
  given as consentGiven,
  denial,
  fileAfter,
  hour,
  noon,
  permission,
  rules,
} from '../domain/case.fixture.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { evolve } from '../domain/evolve.ts';
import { comeOfAge, recordAge } from '../domain/person/age.ts';
import { messagesOf } from './published.ts';

const references: CaseFileEvent[] = ['referral', 'identification-intake'].map((service) => ({
  type: 'ReferenceRegistered',
  service,
  reference: `of ${service}`,
}));

/** The messages of these events, in order. Ids in this spec are short words, which a real topic refuses. */
function published(file: CaseFile, ...events: readonly CaseFileEvent[]) {
  let state = file;
  return events.flatMap((event) => {
    state = evolve(state, event);
    return messagesOf(event, state, rules).map(({ topic, value }) =>
      topic === topics.caseVaultForReferral.name
        ? ForReferral.decode(value).event
        : ForIdentificationIntake.decode(value).event,
    );
  });
}

const refused = (more: Parameters<typeof denial>[0] = {}): CaseFileEvent => ({
  type: 'DenialRecorded',
  denial: denial(more),
});
const asking = { rules, now: hour(1), mint: () => 'interim' };
const events = (decision: ReturnType<typeof comeOfAge>) =>
  decision.kind === 'accepted' ? decision.events : [];

it('a denial is published to the service that acts on its purpose, even if nothing was permitted before', () => {
  const file = fileAfter(...references);
  expect(published(file, refused())).toMatchObject([
    {
      $case: 'denialRecorded',
      value: { caseReference: 'of referral', denialId: 'n1', organisationIds: ['org-1'] },
    },
  ]);
  expect(published(file, refused({ purpose: 'identification-decision' }))).toMatchObject([
    {
      $case: 'denialRecorded',
      value: { caseReference: 'of identification-intake', organisationIds: ['org-1'] },
    },
  ]);
  expect(published(file, refused({ purpose: 'statistics' }))).toEqual([]);
});

it('a denial is published again without the receivers of a later permission, and with them after its withdrawal', () => {
  const named = { ...permission().receivers, organisationIds: ['org-1'] };
  const permitted: CaseFileEvent = {
    type: 'PermissionGranted',
    permission: permission({ receivers: named, given: consentGiven({ at: hour(1) }) }),
  };
  const withdrawn: CaseFileEvent = {
    type: 'PermissionWithdrawn',
    permissionId: 'p1',
    at: hour(2),
    cause: 'withdrawn',
  };
  const denials = published(fileAfter(...references, refused()), permitted, withdrawn).filter(
    (one) => one?.$case === 'denialRecorded',
  );
  expect(denials).toMatchObject([
    { value: { organisationIds: [] } },
    { value: { organisationIds: ['org-1'] } },
  ]);
});

it('a denial by a guardian is published again without receivers when the guardian comes under suspicion', () => {
  const guardian = { guardianId: 'g1', from: noon, until: undefined, suspectedAt: undefined };
  const theirs = refused({
    given: consentGiven({ at: noon, guardianId: 'g1', childView: 'agrees' }),
  });
  const file = fileAfter(...references, { type: 'GuardianAppointed', guardian }, theirs);
  expect(
    published(file, { type: 'GuardianSuspected', guardianId: 'g1', at: hour(1) }),
  ).toMatchObject([
    { $case: 'denialRecorded', value: { denialId: 'n1', organisationIds: [], serviceClasses: [] } },
  ]);
});

it('a basis with limits is published as limitedBasisRecorded, so that an older reader does not misread it', () => {
  const theirs = permission({
    given: consentGiven({ guardianId: 'g1', childView: 'agrees' }),
    receivers: { ...permission().receivers, excludedOrganisationIds: ['org-9'] },
  });
  const file = fileAfter(
    ...references,
    { type: 'AgeRecorded', age: 'child', at: hour(0) },
    { type: 'PermissionGranted', permission: theirs },
    refused(),
  );
  const [limited] = published(file, ...events(comeOfAge(file, asking))).filter((one) =>
    /asis/.test(one?.$case ?? ''),
  );
  expect(limited).toMatchObject({
    $case: 'limitedBasisRecorded',
    value: {
      receivers: { excludedOrganisationIds: ['org-9'], serviceClasses: ['safe-accommodation'] },
      ownChoices: [{ organisationIds: ['org-1'], from: new Date(hour(1)) }],
    },
  });
});

it('a basis without limits is published as basisRecorded', () => {
  const whole = { ...basis(), isSubstitute: false, endedAt: undefined };
  expect(
    published(fileAfter(...references), { type: 'BasisRecorded', basis: whole }),
  ).toMatchObject([{ $case: 'basisRecorded', value: { basisId: 'b1', code: 'public-task' } }]);
});

it('an age is published as how the person is treated, and whether it was disputed or determined', () => {
  let file = fileAfter(...references);
  const codes = (['unsure', 'disputed', 'child', 'adult'] as const).map((age) => {
    const given = events(recordAge(file, age, asking));
    const messages = published(file, ...given);
    file = given.reduce<CaseFile>(evolve, file);
    return messages.flatMap((one) =>
      one?.$case === 'ageChanged'
        ? [one.value.code, one.value.underEighteen, one.value.recordedAt]
        : [],
    );
  });
  expect(codes).toEqual([
    ['age-recorded', 'unsure', new Date(hour(1))],
    ['age-disputed', 'unsure', new Date(hour(1) + 1)],
    ['age-determined', 'yes', new Date(hour(1) + 2)],
    ['age-recorded', 'no', new Date(hour(1) + 3)],
  ]);
});

describe('the messages for a new reference', () => {
  const registered = (service: string, reference: string): CaseFileEvent => ({
    type: 'ReferenceRegistered',
    service,
    reference,
  });
  const introduced = (file: CaseFile, service: string, reference: string) =>
    published(file, registered(service, reference)).filter(
      (one) => one?.$case === 'referenceRegistered',
    );

  it('name to `referral` its other references of the person, and no reference of another service', () => {
    const first = fileAfter(registered('identification-intake', 'of intake'));
    expect(introduced(first, 'referral', 'r1')).toEqual([
      { $case: 'referenceRegistered', value: { caseReference: 'r1', sameCaseReferences: [] } },
    ]);
    const third = fileAfter(
      registered('referral', 'r1'),
      registered('identification-intake', 'of intake'),
      registered('referral', 'r2'),
    );
    expect(introduced(third, 'referral', 'r3')).toEqual([
      {
        $case: 'referenceRegistered',
        value: { caseReference: 'r3', sameCaseReferences: ['r1', 'r2'] },
      },
    ]);
  });

  it.each([
    ['child', ['yes']],
    ['adult', ['no']],
    ['unsure', ['unsure']],
    ['disputed', ['unsure']],
    [undefined, []],
  ] as const)(
    'announce to `referral` an age that is %s before registration, permissions and bases',
    (age, expected) => {
      const file = fileAfter(...(age ? [{ type: 'AgeRecorded', age, at: hour(0) } as const] : []), {
        type: 'PermissionGranted',
        permission: permission(),
      });
      const messages = published(file, registered('referral', 'r1'));
      const ages = messages.flatMap((one) => (one?.$case === 'ageChanged' ? [one.value] : []));
      expect(ages).toEqual(
        expected.map((underEighteen) => ({
          caseReference: 'r1',
          code: 'age-repeated',
          underEighteen,
          recordedAt: new Date(hour(0)),
        })),
      );
      expect(messages.map((one) => one?.$case)).toEqual([
        ...expected.map(() => 'ageChanged'),
        'referenceRegistered',
        'permissionGranted',
      ]);
      expect(published(file, registered('identification-intake', 'i1'))).not.toContainEqual(
        expect.objectContaining({ $case: 'ageChanged' }),
      );
    },
  );

  it('name to another service only the new reference', () => {
    const file = fileAfter(registered('referral', 'r1'), registered('identification-intake', 'i1'));
    expect(introduced(file, 'identification-intake', 'i2')).toEqual([
      { $case: 'referenceRegistered', value: { caseReference: 'i2' } },
    ]);
  });
});
