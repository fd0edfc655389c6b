import { describe, expect, it } from 'vitest';
import { caseOpened, hour, noon, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import { callBack } from './call-back.ts';
import { given, granted, withdraws } from './withdrawal.fixture.ts';

describe('a withdrawal by telephone', () => {
  const byPhone = given(caseOpened, granted())
    .when(withdraws('p1', noon, 'telephone'))
    .events();
  const calls =
    (outcome: string, permissionId = 'p1') =>
    (file: CaseFile) =>
      callBack(file, { permissionId, outcome }, rules, hour(1));

  it('counts at once, with a deadline to call the person back', () =>
    given(caseOpened, granted())
      .when(withdraws('p1', noon, 'telephone'))
      .then('PermissionWithdrawn', 'WithdrawalBegun', {
        type: 'DeadlineSet',
        deadline: { code: 'call-back', about: 'p1', due: hour(24) },
      }));

  it('is settled by a call that confirms the person’s own decision', () =>
    given(...byPhone)
      .when(calls('confirmed'))
      .then(
        { type: 'CalledBack', outcome: 'confirmed' },
        { type: 'DeadlineMet', code: 'call-back' },
      ));

  it('that was coerced stays in force, with a deadline to ask the person for consent', () => {
    const file = given(...byPhone)
      .when(calls('was-coerced'))
      .state();
    expect(file.permissions[0]?.withdrawnAt).toBe(noon);
    expect(file.deadlines).toEqual([
      { code: 'ask-consent-again', about: 'accommodation', due: hour(1 + 14 * 24) },
    ]);
  });

  it('that was coerced sets the deadline to ask for consent for the purpose of the withdrawn permission only', () => {
    const other = granted({ permissionId: 'p0', purpose: 'identification-decision' });
    const file = given(caseOpened, other, granted())
      .when(withdraws('p1', noon, 'telephone'))
      .and(calls('was-coerced'))
      .state();
    expect(file.deadlines).toMatchObject([{ code: 'ask-consent-again', about: 'accommodation' }]);
  });

  it('is not settled by a call that did not reach the person, and the coordinator is alerted', () => {
    const tried = given(...byPhone).when(calls('not-reached'));
    tried.then(
      { type: 'CallBackAttempted', outcome: 'not-reached' },
      { type: 'DeadlineSet', deadline: { code: 'call-back', about: 'p1', due: hour(1 + 24) } },
      {
        type: 'AlertRaised',
        alert: expect.objectContaining({ code: 'call-back', role: 'coordinator' }),
      },
    );
    const [withdrawal] = tried.and(calls('not-reached')).state().withdrawals;
    expect(withdrawal).toMatchObject({ calledBack: undefined, callBackAttempts: 2 });
    tried.and(calls('confirmed')).then('CalledBack', 'DeadlineMet');
  });

  it('is settled separately from another withdrawal by telephone', () => {
    const both = given(caseOpened, granted(), granted({ permissionId: 'p2' }))
      .when(withdraws('p1', noon, 'telephone'))
      .and(withdraws('p2', noon, 'telephone'))
      .and(calls('confirmed'));
    both
      .and(calls('confirmed', 'p2'))
      .then({ type: 'CalledBack', permissionId: 'p2' }, 'DeadlineMet');
  });

  it('is called back only once; a withdrawal by another channel is not called back', () => {
    given(...byPhone)
      .when(calls('confirmed'))
      .and(calls('confirmed'))
      .refused('already-called-back', 'permission_id');
    given(caseOpened, granted())
      .when(withdraws())
      .and(calls('confirmed'))
      .refused('nobody-to-call-back', 'permission_id');
    given(caseOpened, granted()).when(calls('confirmed')).refused('not-found', 'permission_id');
  });
});
