import { describe, expect, it } from 'vitest';
import { caseOpened, hour } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import {
  age,
  asks,
  byGuardian,
  given,
  granted,
  interimBasis,
  interimBasisEnds,
  known,
} from './age.fixture.ts';
import { recordAge } from './age.ts';
import type { Age } from './person.ts';

const records =
  (one: Exclude<Age, 'not-stated'>, now = hour(1)) =>
  (file: CaseFile) =>
    recordAge(file, one, asks(now));

describe('an age', () => {
  it('is recorded, and again when it changes', () => {
    given(caseOpened)
      .when(records('unsure'))
      .then(age('unsure', hour(1)), 'DecisionMakerChanged');
    given(caseOpened, age('unsure'))
      .when(records('disputed'))
      .then(age('disputed', hour(1)));
  });

  it.each(['adult', 'child', 'unsure', 'disputed'] as const)(
    'of %s that is recorded again has the time of the newer record, and the decision maker stays',
    (one) =>
      given(caseOpened, age(one))
        .when(records(one, hour(2)))
        .then(age(one, hour(2))),
  );

  it('settles a doubt or a dispute only when it is recorded as child or adult', () => {
    for (const doubt of ['unsure', 'disputed'] as const)
      expect(given(caseOpened, age(doubt)).when(records('child')).events()).toContainEqual({
        type: 'AgeRecorded',
        age: 'child',
        at: hour(1),
        settlesDispute: true,
      });
    for (const [was, is] of [
      ['unsure', 'disputed'],
      ['adult', 'child'],
      ['child', 'adult'],
      ['adult', 'unsure'],
    ] as const)
      expect(given(caseOpened, age(was)).when(records(is)).events()).toContainEqual(
        age(is, hour(1)),
      );
  });

  it("that is recorded as a child's ends the person's own permissions, and an interim basis keeps the search", () =>
    given(caseOpened, known, granted())
      .when(records('child'))
      .then(
        age('child', hour(1)),
        'DecisionMakerChanged',
        { type: 'BasisRecorded', basis: expect.objectContaining(interimBasis) },
        interimBasisEnds,
        {
          type: 'DeadlineSet',
          deadline: { code: 'ask-consent-again', about: 'accommodation', due: hour(1 + 14 * 24) },
        },
        { type: 'PermissionWithdrawn', permissionId: 'p1', cause: 'age-determined' },
        'WithdrawalBegun',
        'DeadlineSet',
      ));

  it('that becomes disputed still counts as a child’s, so that no permission ends', () =>
    given(caseOpened, age('child'), known, byGuardian())
      .when(records('disputed'))
      .then(age('disputed', hour(1))));

  it('that is determined as an adult’s ends the permissions of a guardian', () => {
    const file = given(caseOpened, age('disputed'), known, byGuardian())
      .when(records('adult'))
      .state();
    expect(file.permissions[0]?.cause).toBe('age-determined');
    expect(file.bases[0]).toMatchObject(interimBasis);
  });
});
