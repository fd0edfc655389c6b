import { describe, expect, it } from 'vitest';
import { basis, caseOpened, hour, noon, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { LegalBasis } from '../permission/consent-records.ts';
import { type Assessment, recordCapacity } from './capacity.ts';
import { given, givesPermission } from './who-may-consent.fixture.ts';

describe('capacity', () => {
  const able = {
    decision: 'permission-to-share',
    able: true,
    reason: undefined,
    reassessAt: undefined,
  };
  const not = { ...able, able: false, reason: 'unconscious', reassessAt: hour(5) };
  const assesses =
    (more: Partial<Assessment>, now = noon) =>
    (file: CaseFile) =>
      recordCapacity(file, { ...not, ...more }, rules, now);

  it('that is lacking needs a reason and a time of reassessment', () => {
    given(caseOpened)
      .when(assesses({}))
      .then('CapacityRecorded', {
        type: 'DeadlineSet',
        deadline: { code: 'capacity-reassessment', about: 'permission-to-share', due: hour(5) },
      });
    given(caseOpened)
      .when(assesses({ reason: undefined }))
      .refused('reason-needed', 'reason');
    given(caseOpened)
      .when(assesses({ reassessAt: undefined }))
      .refused('reassessment-needed', 'reassess_at');
    given(caseOpened)
      .when(assesses({ reassessAt: noon }))
      .refused('reassessment-needed', 'reassess_at');
    given(caseOpened)
      .when(assesses({ reassessAt: hour(31 * 24) }))
      .refused('reassessment-too-late', 'reassess_at');
    given(caseOpened)
      .when(assesses({ reassessAt: hour(rules.capacityReviewWithinMs / 3_600_000) }))
      .then('CapacityRecorded', 'DeadlineSet');
    given(caseOpened)
      .when(assesses({ able: true }))
      .refused('no-reason-needed', 'reason');
  });

  it('that is lacking refuses a permission by the person until a reassessment finds it', () => {
    given(caseOpened)
      .when(assesses({}))
      .and(givesPermission({}, hour(1)))
      .refused('capacity-lacking', 'case_id');
    given(caseOpened)
      .when(assesses({}))
      .and(givesPermission({}, hour(5)))
      .refused('capacity-reassessment-due', 'case_id');
    given(caseOpened)
      .when(assesses({}))
      .and(assesses(able, hour(5)))
      .then({ type: 'DeadlineMet', code: 'capacity-reassessment' }, 'CapacityRecorded');
    given(caseOpened)
      .when(assesses({}))
      .and(assesses(able))
      .and(givesPermission({ at: noon }, hour(1)))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened)
      .when(assesses({}))
      .and(assesses(able))
      .and(givesPermission({ at: hour(-1) }, hour(1)))
      .refused('capacity-lacking', 'given_at');
  });

  it('that is regained counts from that time; capacity that was never lacking has no such time', () => {
    const since = (file: CaseFile) =>
      file.person.capacities.find(({ decision }) => decision === able.decision)?.since;
    const found = given(caseOpened)
      .when(assesses({}))
      .and(assesses(able, hour(2)));
    expect(since(found.state())).toBe(hour(2));
    expect(since(found.and(assesses(able, hour(3))).state())).toBe(hour(2));
    expect(
      since(
        given(caseOpened)
          .when(assesses({ decision: 'treatment' }))
          .and(assesses(able))
          .state(),
      ),
    ).toBeUndefined();
  });

  it('that is regained sets a deadline to ask consent where a vital-interest basis substitutes now', () => {
    const recorded = (code: string, more: Partial<LegalBasis> = {}): CaseFileEvent => ({
      type: 'BasisRecorded',
      basis: { ...basis({ basisId: code, code }), isSubstitute: true, endedAt: undefined, ...more },
    });
    const [vital, other] = [recorded('vital-interest'), recorded('duty-of-care')];
    given(caseOpened, other, vital).when(assesses(able)).then('CapacityRecorded', 'DeadlineSet');
    for (const basisNow of [other, recorded('vital-interest', { endedAt: noon })])
      given(caseOpened, basisNow).when(assesses(able)).then('CapacityRecorded');
  });

  it('for one decision is independent of capacity for another decision', () => {
    given(caseOpened)
      .when(assesses({ decision: 'treatment' }))
      .and(givesPermission({}, hour(1)))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened)
      .when(assesses({}))
      .and(assesses({ decision: 'treatment' }))
      .and(givesPermission({}, hour(1)))
      .refused('capacity-lacking', 'case_id');
  });
});
