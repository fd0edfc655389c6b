import { describe, expect, it } from 'vitest';
import { basis, caseOpened, hour, noon, permission, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { given, records } from './basis.fixture.ts';
import { endBasis } from './basis.ts';

const child: CaseFileEvent = { type: 'AgeRecorded', age: 'child', at: hour(0) };
const guardian = (until?: typeof noon): CaseFileEvent => ({
  type: 'GuardianAppointed',
  guardian: { guardianId: 'g1', from: noon, until, suspectedAt: undefined },
});
const basisEnds: CaseFileEvent = {
  type: 'DeadlineSet',
  deadline: { code: 'basis-ends', about: 'b1', due: hour(24) },
};
const byChildProtection = { code: 'child-protection' };

describe('a legal basis', () => {
  it('is recorded for its controller beside a permission, which it does not replace', () =>
    given(caseOpened, { type: 'PermissionGranted', permission: permission() })
      .when(records())
      .then(
        { type: 'BasisRecorded', basis: { ...basis(), isSubstitute: false, endedAt: undefined } },
        basisEnds,
      ));

  it('is refused with the code of a permission, because a withdrawal would not end it', () =>
    given(caseOpened)
      .when(records({ code: 'permission' }))
      .refused('not-a-basis', 'code'));

  it('is refused under an id that exists', () =>
    given(caseOpened).when(records()).and(records()).refused('already-exists', 'basis_id'));

  it('is recorded beside an equal one with another id', () =>
    given(caseOpened)
      .when(records())
      .and(records({ basisId: 'b2' }))
      .then('BasisRecorded', 'DeadlineSet'));

  it('that ends soon has no deadline before its end', () =>
    given(caseOpened)
      .when(records({ validUntil: hour(rules.warnBeforeEndMs / 3_600_000) }))
      .then('BasisRecorded', 'DeadlineSet'));

  it('is refused when it ends before it begins or has already ended', () => {
    given(caseOpened)
      .when(records({ validUntil: hour(-1) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(caseOpened)
      .when(records({ validUntil: noon }))
      .refused('ends-before-it-begins', 'valid_until');
    for (const now of [hour(24), hour(25)])
      given(caseOpened).when(records({}, now)).refused('already-ended', 'valid_until');
  });

  it('lasts no longer than the country allows, with a deadline before its end and one at its end', () => {
    const longest = rules.longestBasisMs / 3_600_000;
    given(caseOpened)
      .when(records({ validUntil: hour(longest + 1) }))
      .refused('too-long', 'valid_until');
    given(caseOpened)
      .when(records({ validUntil: hour(longest) }))
      .then(
        'BasisRecorded',
        {
          type: 'DeadlineSet',
          deadline: { code: 'basis-ends-soon', about: 'b1', due: hour(longest - 14 * 24) },
        },
        { type: 'DeadlineSet', deadline: { code: 'basis-ends', about: 'b1', due: hour(longest) } },
      );
  });

  it('can be ended early, and its deadlines end with it', () => {
    const ends =
      (basisId = 'b1', now = hour(1)) =>
      (file: CaseFile) =>
        endBasis(file, basisId, now);
    given(caseOpened)
      .when(records())
      .and(ends())
      .then(
        { type: 'BasisEnded', basisId: 'b1', at: hour(1) },
        { type: 'DeadlineMet', code: 'basis-ends', about: 'b1' },
      );
    given(caseOpened).when(records()).and(ends()).and(ends()).ignored('already-ended');
    given(caseOpened)
      .when(records())
      .and(ends('b1', hour(24)))
      .ignored('already-ended');
    given(caseOpened).when(ends('b2')).refused('not-found', 'basis_id');
    const both = given(caseOpened)
      .when(records())
      .and(records({ basisId: 'b2' }));
    const [first, second] = both.and(ends()).and(ends('b2')).state().bases;
    expect([first?.endedAt, second?.endedAt]).toEqual([hour(1), hour(1)]);
    expect(both.and(ends()).state().bases[1]?.endedAt).toBeUndefined();
  });
});

describe('a child-protection basis', () => {
  it('is recorded with a review when the child has no guardian', () =>
    given(caseOpened, child)
      .when(records(byChildProtection))
      .then(
        'BasisRecorded',
        {
          type: 'DeadlineSet',
          deadline: { code: 'review-of-basis', about: 'b1', due: hour(14 * 24) },
        },
        basisEnds,
      ));

  it('is refused for an adult, and for a child whose guardian can be asked', () => {
    given(caseOpened).when(records(byChildProtection)).refused('not-a-child', 'code');
    given(caseOpened, child, guardian())
      .when(records(byChildProtection))
      .refused('guardian-must-be-asked', 'code');
  });

  it('is accepted before the term of the guardian begins and from its end', () => {
    const until = (from: typeof noon, end: typeof noon): CaseFileEvent => ({
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g1', from, until: end, suspectedAt: undefined },
    });
    for (const term of [until(hour(1), hour(9)), until(hour(-9), noon)])
      given(caseOpened, child, term)
        .when(records(byChildProtection))
        .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened, child, until(hour(-9), hour(1)))
      .when(records(byChildProtection))
      .refused('guardian-must-be-asked', 'code');
  });

  it('is accepted when the guardian is under suspicion or their term is over', () => {
    given(caseOpened, child, guardian(), { type: 'GuardianSuspected', guardianId: 'g1', at: noon })
      .when(records(byChildProtection))
      .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
    given(caseOpened, child, guardian(hour(1)))
      .when(records(byChildProtection, hour(2)))
      .then('BasisRecorded', 'DeadlineSet', 'DeadlineSet');
  });
});
