import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { asking, basis, hour, noon, opened, permission, refusal, rules, given as said } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { recordCapacity } from '../person/capacity.ts';
import { endBasis, type NewBasis, recordBasis, reviewBasis } from './basis.ts';
import { grantPermission } from './permission.ts';
import { refusePermission } from './refusal.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const records =
  (more: Partial<NewBasis> = {}, now = noon) =>
  (file: CaseFile) =>
    recordBasis(file, basis(more), rules, now);
const child: CaseFileEvent = { type: 'AgeRecorded', age: 'child' };
const guardian = (until?: typeof noon): CaseFileEvent => ({
  ...{ type: 'GuardianAppointed', guardian: { guardianId: 'g1', from: noon, until, suspectedAt: undefined } },
});
const basisEnds: CaseFileEvent = {
  ...{ type: 'PledgeMade', pledge: { code: 'basis-ends', about: 'b1', due: hour(24) } },
};
const byChildProtection = { code: 'child-protection' };

describe('a legal basis', () => {
  it('is recorded beside permissions, for its controller, and never instead of one', () =>
    given(opened, { type: 'PermissionGranted', permission: permission() })
      .when(records())
      .then({ type: 'BasisRecorded', basis: { ...basis(), standsIn: false, endedAt: undefined } }, basisEnds));

  it('is never a permission under another name: a withdrawal would not end it', () =>
    given(opened)
      .when(records({ code: 'permission' }))
      .refused('not-a-basis', 'code'));

  it('is recorded once under its id', () =>
    given(opened).when(records()).and(records()).refused('already-exists', 'basis_id'));

  it('is recorded beside another one under another id', () =>
    given(opened)
      .when(records())
      .and(records({ basisId: 'b2' }))
      .then('BasisRecorded', 'PledgeMade'));

  it('that is recorded when its end comes soon already has no deadline before its end', () =>
    given(opened)
      .when(records({ validUntil: hour(rules.endsSoonBeforeMs / 3_600_000) }))
      .then('BasisRecorded', 'PledgeMade'));

  it('ends after it begins, and has not ended yet', () => {
    given(opened)
      .when(records({ validUntil: hour(-1) }))
      .refused('ends-before-it-begins', 'valid_until');
    given(opened)
      .when(records({ validUntil: noon }))
      .refused('ends-before-it-begins', 'valid_until');
    for (const now of [hour(24), hour(25)])
      given(opened).when(records({}, now)).refused('already-ended', 'valid_until');
  });

  it('lasts no longer than the country lets it, and somebody is told before it ends and when it does', () => {
    const longest = rules.longestBasisMs / 3_600_000;
    given(opened)
      .when(records({ validUntil: hour(longest + 1) }))
      .refused('too-long', 'valid_until');
    given(opened)
      .when(records({ validUntil: hour(longest) }))
      .then(
        'BasisRecorded',
        { type: 'PledgeMade', pledge: { code: 'basis-ends-soon', about: 'b1', due: hour(longest - 14 * 24) } },
        { type: 'PledgeMade', pledge: { code: 'basis-ends', about: 'b1', due: hour(longest) } },
      );
  });

  it('can be ended before its time, whatever it is, and its clocks end with it', () => {
    const ends =
      (basisId = 'b1', now = hour(1)) =>
      (file: CaseFile) =>
        endBasis(file, basisId, now);
    given(opened)
      .when(records())
      .and(ends())
      .then(
        { type: 'BasisEnded', basisId: 'b1', at: hour(1) },
        { type: 'PledgeKept', code: 'basis-ends', about: 'b1' },
      );
    given(opened).when(records()).and(ends()).and(ends()).ignored('already-ended');
    given(opened)
      .when(records())
      .and(ends('b1', hour(24)))
      .ignored('already-ended');
    given(opened).when(ends('b2')).refused('not-found', 'basis_id');
    const both = given(opened)
      .when(records())
      .and(records({ basisId: 'b2' }));
    const [first, second] = both.and(ends()).and(ends('b2')).state().bases;
    expect([first?.endedAt, second?.endedAt]).toEqual([hour(1), hour(1)]);
    expect(both.and(ends()).state().bases[1]?.endedAt).toBeUndefined();
  });
});

describe('the protection of a child', () => {
  it('carries her before a guardian exists', () =>
    given(opened, child)
      .when(records(byChildProtection))
      .then(
        'BasisRecorded',
        { type: 'PledgeMade', pledge: { code: 'review-of-basis', about: 'b1', due: hour(14 * 24) } },
        basisEnds,
      ));

  it('is no basis for an adult, nor where a guardian can be asked', () => {
    given(opened).when(records(byChildProtection)).refused('not-a-child', 'code');
    given(opened, child, guardian()).when(records(byChildProtection)).refused('guardian-must-be-asked', 'code');
  });

  it('is one until the guardian may speak, and from the moment on at which they may no more', () => {
    const until = (from: typeof noon, end: typeof noon): CaseFileEvent => ({
      type: 'GuardianAppointed',
      guardian: { guardianId: 'g1', from, until: end, suspectedAt: undefined },
    });
    for (const term of [until(hour(1), hour(9)), until(hour(-9), noon)])
      given(opened, child, term).when(records(byChildProtection)).then('BasisRecorded', 'PledgeMade', 'PledgeMade');
    given(opened, child, until(hour(-9), hour(1)))
      .when(records(byChildProtection))
      .refused('guardian-must-be-asked', 'code');
  });

  it('is one again when the guardian is under suspicion, or is her guardian no more', () => {
    given(opened, child, guardian(), { type: 'GuardianSuspected', guardianId: 'g1', at: noon })
      .when(records(byChildProtection))
      .then('BasisRecorded', 'PledgeMade', 'PledgeMade');
    given(opened, child, guardian(hour(1)))
      .when(records(byChildProtection, hour(2)))
      .then('BasisRecorded', 'PledgeMade', 'PledgeMade');
  });
});

describe('what stands in for her word', () => {
  const vital = { code: 'vital-interest', cannotBeAsked: 'acute-crisis' };
  const reviews =
    (by: string, stays = true, now = hour(3)) =>
    (file: CaseFile) =>
      reviewBasis(file, { basisId: 'b1', by, stays }, rules, now);

  const unable = {
    type: 'CapacityRecorded',
    capacity: { decision: 'permission-to-share', able: false, reason: 'unconscious', askAgainAt: hour(5) },
  } as const;

  it('is for her who was found unable to decide, or cannot be asked now and why: nobody is passed over who can be asked', () => {
    given(opened)
      .when(records({ code: 'vital-interest' }))
      .refused('can-be-asked', 'cannot_be_asked');
    given(opened, unable)
      .when(records({ code: 'vital-interest' }))
      .then('BasisRecorded', 'PledgeMade', 'PledgeMade');
    given(opened, unable)
      .when(records({ code: 'vital-interest' }, hour(5)))
      .refused('can-be-asked', 'cannot_be_asked');
    given(opened).when(records(vital)).then('BasisRecorded', 'PledgeMade', 'PledgeMade');
    given(opened, { ...unable, capacity: { ...unable.capacity, decision: 'treatment' } })
      .when(records({ code: 'vital-interest' }))
      .refused('can-be-asked', 'cannot_be_asked');
  });

  it('does not reach whom she refused before', () => {
    const file = given(opened, { type: 'PermissionRefused', refusal: refusal() }).when(records(vital)).state();
    expect(file.bases[0]?.spoken).toMatchObject([{ by: 'n1', organisationIds: ['org-1'] }]);
  });

  it('reaches whom she refused for another purpose, and whom she has permitted again since', () => {
    const refused = (more: Parameters<typeof refusal>[0]): CaseFileEvent => ({
      ...{ type: 'PermissionRefused', refusal: refusal(more) },
    });
    const again = permission({
      receivers: { ...permission().receivers, organisationIds: ['org-1'] },
      given: said({ at: hour(1) }),
    });
    for (const events of [
      [refused({ purpose: 'health-care' })],
      [refused({}), { type: 'PermissionGranted', permission: again } as const],
    ])
      expect(
        given(opened, ...events)
          .when(records(vital))
          .state().bases[0]?.spoken,
      ).toBeUndefined();
  });

  it('yields to her yes for whom and what it names, from when it counts, and to nobody else', () => {
    const yes = permission({ validFrom: hour(2) });
    given(opened)
      .when(records(vital))
      .and((file) => grantPermission(file, yes, asking(hour(1))))
      .then('PermissionGranted', 'PledgeMade', {
        type: 'BasisNarrowed',
        spoken: {
          by: 'p1',
          sections: ['health'],
          organisationIds: [],
          serviceClasses: ['safe-accommodation'],
          from: hour(2),
        },
      });
  });

  it('yields to her no in the same way', () =>
    given(opened)
      .when(records({ ...vital, sections: ['health', 'identity'] }))
      .and((file) => refusePermission(file, refusal(), rules, hour(1)))
      .then('PermissionRefused', { type: 'BasisNarrowed', basisId: 'b1' }));

  it('is a question to her when she can decide again', () =>
    given(opened, unable)
      .when(records({ code: 'vital-interest' }))
      .and((file) =>
        recordCapacity(
          file,
          { decision: 'permission-to-share', able: true, reason: undefined, askAgainAt: undefined },
          rules,
          hour(3),
        ),
      )
      .then('CapacityRecorded', {
        type: 'PledgeMade',
        pledge: { code: 'ask-anew', about: 'accommodation', due: hour(3 + 14 * 24) },
      }));

  it('is looked at again by somebody else, and stands until the next time or ends', () => {
    given(opened).when(records(vital)).and(reviews('caseworker')).refused('second-person-needed', 'basis_id');
    given(opened)
      .when(records(vital))
      .and(reviews('another'))
      .then('PledgeKept', 'BasisReviewed', {
        ...{ type: 'PledgeMade', pledge: { code: 'review-of-basis', about: 'b1', due: hour(3 + 72) } },
      });
    given(opened)
      .when(records(vital))
      .and(reviews('another', false))
      .then('BasisReviewed', { type: 'BasisEnded', basisId: 'b1', at: hour(3) }, 'PledgeKept', 'PledgeKept');
    given(opened)
      .when(records({ basisId: 'b0' }))
      .and(records(vital))
      .and(reviews('another'))
      .then('PledgeKept', { type: 'BasisReviewed', basisId: 'b1' }, 'PledgeMade');
  });

  it('is not looked at when it has ended, or is one that the law gives for good', () => {
    given(opened)
      .when(records(vital))
      .and(reviews('another', false))
      .and(reviews('another'))
      .refused('not-to-be-reviewed', 'basis_id');
    given(opened)
      .when(records(vital))
      .and(reviews('another', true, hour(24)))
      .refused('not-to-be-reviewed', 'basis_id');
    given(opened).when(records()).and(reviews('another')).refused('not-to-be-reviewed', 'basis_id');
    given(opened).when(reviews('another')).refused('not-found', 'basis_id');
  });
});
