import { describe, expect, it } from 'vitest';
import { basis, hour, noon, opened, rules } from '../case.fixture.ts';
import type { CaseFile, LegalBasis } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { type Assessment, recordCapacity } from './capacity.ts';
import { given, speaks } from './speaking.fixture.ts';

describe('capacity', () => {
  const able = { decision: 'permission-to-share', able: true, reason: undefined, askAgainAt: undefined };
  const not = { ...able, able: false, reason: 'unconscious', askAgainAt: hour(5) };
  const assesses =
    (more: Partial<Assessment>, now = noon) =>
    (file: CaseFile) =>
      recordCapacity(file, { ...not, ...more }, rules, now);

  it('is of one decision; a no has a reason and a time by which the person is asked again', () => {
    given(opened)
      .when(assesses({}))
      .then('CapacityRecorded', {
        type: 'PledgeMade',
        pledge: { code: 'capacity-again', about: 'permission-to-share', due: hour(5) },
      });
    given(opened)
      .when(assesses({ reason: undefined }))
      .refused('reason-needed', 'reason');
    given(opened)
      .when(assesses({ askAgainAt: undefined }))
      .refused('ask-again-needed', 'ask_again_at');
    given(opened)
      .when(assesses({ askAgainAt: noon }))
      .refused('ask-again-needed', 'ask_again_at');
    given(opened)
      .when(assesses({ askAgainAt: hour(31 * 24) }))
      .refused('ask-again-too-late', 'ask_again_at');
    given(opened)
      .when(assesses({ askAgainAt: hour(rules.capacityAskedAgainAtMostMs / 3_600_000) }))
      .then('CapacityRecorded', 'PledgeMade');
    given(opened)
      .when(assesses({ able: true }))
      .refused('no-reason-needed', 'reason');
  });

  it('that lacks lets no yes of the person count, until they are asked again and can', () => {
    given(opened)
      .when(assesses({}))
      .and(speaks({}, hour(1)))
      .refused('capacity-lacking', 'case_id');
    given(opened)
      .when(assesses({}))
      .and(speaks({}, hour(5)))
      .refused('capacity-to-be-asked-again', 'case_id');
    given(opened)
      .when(assesses({}))
      .and(assesses(able, hour(5)))
      .then({ type: 'PledgeKept', code: 'capacity-again' }, 'CapacityRecorded');
    given(opened)
      .when(assesses({}))
      .and(assesses(able))
      .and(speaks({ at: noon }, hour(1)))
      .then('PermissionGranted', 'PledgeMade');
    given(opened)
      .when(assesses({}))
      .and(assesses(able))
      .and(speaks({ at: hour(-1) }, hour(1)))
      .refused('capacity-lacking', 'given_at');
  });

  it('that is found again counts from then on, and one that never lacked has no such moment', () => {
    const since = (file: CaseFile) => file.person.capacities.find(({ decision }) => decision === able.decision)?.since;
    const found = given(opened)
      .when(assesses({}))
      .and(assesses(able, hour(2)));
    expect(since(found.state())).toBe(hour(2));
    expect(since(found.and(assesses(able, hour(3))).state())).toBe(hour(2));
    expect(
      since(
        given(opened)
          .when(assesses({ decision: 'treatment' }))
          .and(assesses(able))
          .state(),
      ),
    ).toBeUndefined();
  });

  it('that is found again is a question for what stood in as of vital interest, and still does', () => {
    const recorded = (code: string, more: Partial<LegalBasis> = {}): CaseFileEvent => ({
      type: 'BasisRecorded',
      basis: { ...basis({ basisId: code, code }), standsIn: true, endedAt: undefined, ...more },
    });
    const [vital, other] = [recorded('vital-interest'), recorded('duty-of-care')];
    given(opened, other, vital).when(assesses(able)).then('CapacityRecorded', 'PledgeMade');
    for (const basisNow of [other, recorded('vital-interest', { endedAt: noon })])
      given(opened, basisNow).when(assesses(able)).then('CapacityRecorded');
  });

  it('for another decision says nothing of this one, and takes nothing from what was found of it', () => {
    given(opened)
      .when(assesses({ decision: 'treatment' }))
      .and(speaks({}, hour(1)))
      .then('PermissionGranted', 'PledgeMade');
    given(opened)
      .when(assesses({}))
      .and(assesses({ decision: 'treatment' }))
      .and(speaks({}, hour(1)))
      .refused('capacity-lacking', 'case_id');
  });
});
