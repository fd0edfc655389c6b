import { specification } from '@opennrm/testkit/pure';
import { describe, expect, it } from 'vitest';
import { caseOpened, hour, noon, permission, rules } from './case.fixture.ts';
import type { CaseFile } from './case-file.ts';
import { nextDeadline } from './deadlines.ts';
import type { CaseFileEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { DeadlineCode } from './file-deadline.ts';
import { timePasses } from './time-passes.ts';

const { given } = specification<CaseFile, CaseFileEvent>(evolve);
const owed = (code: DeadlineCode, about = 'p1', due = hour(1)): CaseFileEvent => ({
  type: 'DeadlineSet',
  deadline: { code, about, due },
});
const passes =
  (now = hour(1)) =>
  (file: CaseFile) =>
    timePasses(file, rules, now);
const alerted = (code: string, role: string) => ({
  type: 'AlertRaised' as const,
  alert: expect.objectContaining({ code, role }),
});

describe('when time passes', () => {
  it('a file without a due deadline is unchanged', () =>
    given(caseOpened, owed('call-back')).when(passes(noon)).ignored('nothing-due'));

  it('the next deadline is the earliest, whatever the order in which they were set', () => {
    const [soon, late] = [owed('call-back'), owed('permission-ends', 'p2', hour(2))];
    for (const both of [
      [soon, late],
      [late, soon],
    ])
      expect(
        nextDeadline(
          [caseOpened, ...both].reduce<CaseFile | undefined>(evolve, undefined) as CaseFile,
        )?.due,
      ).toBe(hour(1));
  });

  it('a permission expires and the caseworker is alerted', () => {
    const over = given(
      caseOpened,
      { type: 'PermissionGranted', permission: permission() },
      owed('permission-ends'),
    ).when(passes());
    over.then(
      'DeadlineMet',
      { type: 'PermissionExpired', permissionId: 'p1' },
      alerted('permission-ends', 'caseworker'),
    );
    expect(over.state().permissions).toMatchObject([{ cause: 'expired', withdrawnAt: undefined }]);
  });

  it('the caseworker is alerted before a legal basis ends, and when it ends', () => {
    for (const code of ['basis-ends-soon', 'basis-ends'] as const)
      given(caseOpened, owed(code, 'b1'))
        .when(passes())
        .then('DeadlineMet', alerted(code, 'caseworker'));
  });

  it('an opened file closes, and an unconfirmed opening alerts the data protection officer', () => {
    given(caseOpened, owed('end-of-opening', 'o1'))
      .when(passes())
      .then('DeadlineMet', 'OpeningClosed');
    given(caseOpened, owed('opening-confirmation', 'o1'))
      .when(passes())
      .then('DeadlineMet', alerted('opening-not-confirmed', 'data-protection-officer'));
  });

  it('an obligation that was not met raises an alert and gets a new deadline', () => {
    for (const [code, role] of [
      ['acknowledgement', 'data-protection-officer'],
      ['call-back', 'coordinator'],
      ['review-of-opening', 'data-protection-officer'],
      ['review-of-basis', 'caseworker'],
      ['capacity-reassessment', 'caseworker'],
      ['ask-consent-again', 'caseworker'],
    ] as const)
      given(caseOpened, owed(code))
        .when(passes())
        .then(alerted(code, role), { type: 'DeadlineSet' });
  });

  it('an open alert does not replace the alert of another deadline or of another permission', () => {
    const open = given(caseOpened, owed('permission-ends-soon'), owed('call-back', 'p2', hour(2)))
      .when(passes())
      .events();
    given(...open, owed('call-back', 'p1', hour(3)))
      .when(passes(hour(3)))
      .then(
        alerted('call-back', 'coordinator'),
        { type: 'DeadlineSet' },
        alerted('call-back', 'coordinator'),
        {
          type: 'DeadlineSet',
        },
      );
  });

  it('an unacknowledged alert is not raised twice, and an acknowledged one is raised again', () => {
    const once = given(caseOpened, owed('call-back')).when(passes());
    once.and(passes(hour(30))).then({ type: 'DeadlineSet' });
    const noted: CaseFileEvent = {
      type: 'AlertAcknowledged',
      code: 'call-back',
      about: 'p1',
      by: 'coordinator',
    };
    given(...once.events(), noted)
      .when(passes(hour(30)))
      .then(alerted('call-back', 'coordinator'), { type: 'DeadlineSet' });
  });

  it('an open alert is raised again only when that same alert was acknowledged', () => {
    const alert = (code: string, about: string, acknowledgedBy?: string): CaseFileEvent => ({
      type: 'AlertRaised',
      alert: { code, about, role: 'coordinator', at: noon, acknowledgedBy },
    });
    const others = [
      alert('call-back', 'p2', 'coordinator'),
      alert('acknowledgement', 'p1', 'coordinator'),
    ];
    given(caseOpened, alert('call-back', 'p1'), ...others, owed('call-back'))
      .when(passes())
      .then({ type: 'DeadlineSet' });
    given(
      caseOpened,
      alert('call-back', 'p1', 'coordinator'),
      alert('call-back', 'p2'),
      owed('call-back'),
    )
      .when(passes())
      .then(alerted('call-back', 'coordinator'), { type: 'DeadlineSet' });
  });

  it('all due deadlines are handled together, and the earliest remaining one is the next', () => {
    const file = given(
      caseOpened,
      owed('opening-confirmation', 'o1'),
      owed('end-of-opening', 'o2'),
      owed('call-back', 'p1', hour(9)),
    )
      .when(passes(hour(2)))
      .state();
    expect(nextDeadline(file)).toEqual({ code: 'call-back', about: 'p1', due: hour(9) });
  });
});
