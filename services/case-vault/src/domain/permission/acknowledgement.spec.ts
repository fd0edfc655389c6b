import { describe, expect, it } from 'vitest';
import { caseOpened, hour } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import { given, granted, known, withdraws } from './withdrawal.fixture.ts';
import { acknowledgeWithdrawal } from './withdrawal.ts';

const acknowledges =
  (reference = 'r1', service = 'referral', now = hour(2)) =>
  (file: CaseFile) =>
    acknowledgeWithdrawal(file, { service, reference, permissionId: 'p1', closed: 2 }, now);

describe('an acknowledgement of a withdrawal', () => {
  const withdrawn = [
    caseOpened,
    granted(),
    known('referral', 'r1'),
    known('referral', 'r2'),
    ...given(caseOpened, granted(), known('referral', 'r1'), known('referral', 'r2'))
      .when(withdraws())
      .events()
      .slice(4),
  ];

  it('records how much was closed; the deadline is met when the last service has acknowledged', () => {
    given(...withdrawn)
      .when(acknowledges('r1'))
      .then({ type: 'WithdrawalAcknowledged', reference: 'r1', closed: 2, at: hour(2) });
    given(...withdrawn)
      .when(acknowledges('r1'))
      .and(acknowledges('r2'))
      .then('WithdrawalAcknowledged', {
        type: 'DeadlineMet',
        code: 'acknowledgement',
        about: 'p1',
      });
  });

  it('is ignored when repeated, from a service that was not notified, or without a withdrawal', () => {
    given(...withdrawn)
      .when(acknowledges('r1'))
      .and(acknowledges('r1'))
      .ignored('nothing-awaited');
    given(...withdrawn)
      .when(acknowledges('r1', 'identification-intake'))
      .ignored('nothing-awaited');
    given(caseOpened, granted()).when(acknowledges('r1')).ignored('nothing-awaited');
  });

  it('counts for the named permission only; another withdrawn permission still awaits its acknowledgement', () => {
    const both = given(
      caseOpened,
      granted(),
      granted({ permissionId: 'p2' }),
      known('referral', 'r1'),
    )
      .when(withdraws('p2'))
      .and(withdraws('p1'))
      .and(acknowledges('r1'));
    const answers = both
      .state()
      .withdrawals.map(({ permissionId, audiences }) => [
        permissionId,
        audiences[0]?.acknowledgedAt,
      ]);
    expect(answers).toEqual([
      ['p2', undefined],
      ['p1', hour(2)],
    ]);
    both.and(acknowledges('r1')).ignored('nothing-awaited');
  });
});
