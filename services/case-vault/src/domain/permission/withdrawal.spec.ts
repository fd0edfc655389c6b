import { describe, expect, it } from 'vitest';
import {
  after,
  asking,
  caseOpened,
  fileAfter,
  hour,
  given as how,
  noon,
  permission,
  rules,
} from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import { grantPermission } from './permission.ts';
import { given, granted, known, withdraws } from './withdrawal.fixture.ts';
import { withdrawPermission } from './withdrawal.ts';

describe('a withdrawal', () => {
  it('counts from the time of the command', () =>
    given(caseOpened, granted())
      .when(withdraws('p1', hour(3)))
      .then(
        { type: 'PermissionWithdrawn', permissionId: 'p1', at: hour(3), cause: 'withdrawn' },
        { type: 'WithdrawalBegun' },
      ));

  it('leaves the deadlines of another permission unchanged', () => {
    const due: CaseFileEvent = {
      type: 'DeadlineSet',
      deadline: { code: 'permission-ends', about: 'p1', due: hour(24) },
    };
    const withdrawn = given(caseOpened, granted(), due, granted({ permissionId: 'p2' })).when(
      withdraws('p2'),
    );
    withdrawn.then('PermissionWithdrawn', 'WithdrawalBegun');
    expect(withdrawn.state().deadlines).toMatchObject([{ code: 'permission-ends', about: 'p1' }]);
  });

  it('is sent to every reference of the service that acts on its purpose, with a deadline to acknowledge', () => {
    const file = fileAfter(
      known('referral', 'r1'),
      known('referral', 'r2'),
      known('identification-intake', 'i1'),
    );
    const withdrawn = after(
      after(file, grantPermission(file, permission(), asking())),
      withdraws()(fileAfter(granted())),
    );
    expect(withdrawn.withdrawals).toHaveLength(1);
    given(
      caseOpened,
      granted(),
      known('referral', 'r1'),
      known('identification-intake', 'i1'),
      known('referral', 'r2'),
    )
      .when(withdraws())
      .then(
        'PermissionWithdrawn',
        {
          type: 'WithdrawalBegun',
          withdrawal: expect.objectContaining({
            audiences: [
              { service: 'referral', reference: 'r1', acknowledgedAt: undefined, closed: 0 },
              { service: 'referral', reference: 'r2', acknowledgedAt: undefined, closed: 0 },
            ],
          }),
        },
        {
          type: 'DeadlineSet',
          deadline: { code: 'acknowledgement', about: 'p1', due: hour(1.25) },
        },
      );
  });

  it('for a purpose on which no service acts has no deadline to acknowledge', () =>
    given(caseOpened, granted({ purpose: 'statistics' }), known('referral', 'r1'))
      .when(withdraws())
      .then('PermissionWithdrawn', { type: 'WithdrawalBegun' }));

  it('for a purpose of a need that the directory provides is acknowledged by referral', () =>
    given(caseOpened, granted({ purpose: 'health-care' }), known('referral', 'r1'))
      .when(withdraws())
      .then(
        'PermissionWithdrawn',
        {
          type: 'WithdrawalBegun',
          withdrawal: expect.objectContaining({
            audiences: [
              { service: 'referral', reference: 'r1', acknowledgedAt: undefined, closed: 0 },
            ],
          }),
        },
        {
          type: 'DeadlineSet',
          deadline: { code: 'acknowledgement', about: 'p1', due: hour(1.25) },
        },
      ));

  it('is accepted after the permission has expired and before it begins', () => {
    for (const at of [hour(99), hour(-1)])
      given(caseOpened, granted())
        .when(withdraws('p1', at))
        .then('PermissionWithdrawn', 'WithdrawalBegun');
  });

  it('is ignored when the permission was already withdrawn', () =>
    given(caseOpened, granted(), {
      type: 'PermissionWithdrawn',
      permissionId: 'p1',
      at: hour(1),
      cause: 'withdrawn',
    })
      .when(withdraws('p1', hour(2)))
      .ignored('already-withdrawn'));

  it('is refused for a permission that the file does not have', () =>
    given(caseOpened, granted()).when(withdraws('p2')).refused('not-found', 'permission_id'));

  it('ends every later stage and renewal too, but no independent permission', () => {
    const file = given(
      caseOpened,
      granted(),
      granted({ permissionId: 'p2', after: 'p1' }),
      granted({ permissionId: 'p3', renews: 'p2' }),
      granted({ permissionId: 'p4' }),
    )
      .when(withdraws())
      .state();
    expect(file.permissions.map(({ permissionId, cause }) => `${permissionId} ${cause}`)).toEqual([
      'p1 withdrawn',
      'p2 earlier-stage-withdrawn',
      'p3 earlier-stage-withdrawn',
      'p4 undefined',
    ]);
  });

  it('of a renewal also ends the permission that it renews, unless that has expired', () => {
    const chain = [
      granted({ validUntil: hour(9) }),
      granted({ permissionId: 'p2', renews: 'p1', validFrom: hour(9) }),
    ];
    for (const [at, cause] of [
      [1, 'withdrawn'],
      [9, undefined],
      [10, undefined],
    ] as const) {
      const file = given(caseOpened, ...chain)
        .when(withdraws('p2', hour(at)))
        .state();
      expect(file.permissions.map((one) => one.cause)).toEqual([cause, 'withdrawn']);
    }
  });

  it('of a renewal ends the later stages of the renewed permission, even when that has expired', () => {
    const stage = granted({ permissionId: 'p3', after: 'p1', validUntil: hour(20) });
    const chain = [
      granted({ validUntil: hour(9) }),
      stage,
      granted({ permissionId: 'p2', renews: 'p1' }),
    ];
    const file = given(caseOpened, ...chain)
      .when(withdraws('p2', hour(10)))
      .state();
    expect(file.permissions.map(({ cause }) => cause)).toEqual([
      undefined,
      'earlier-stage-withdrawn',
      'withdrawn',
    ]);
  });

  it('records who stated it, in which language and when; a permission that was stated later is accepted', () => {
    const statement = { guardianId: undefined, language: 'en', at: hour(-3) };
    const wish = { permissionId: 'p1', channel: 'in-person', statement } as const;
    const stated = given(caseOpened, granted()).when((file) =>
      withdrawPermission(file, wish, rules, hour(1)),
    );
    expect(stated.state().withdrawals[0]).toMatchObject({ at: hour(1), statement });
    const later = permission({ permissionId: 'p2', given: how({ at: hour(-2) }) });
    stated
      .and((file) => grantPermission(file, later, asking(hour(2))))
      .then('PermissionGranted', 'DeadlineSet');
    given(caseOpened, granted())
      .when((file) =>
        withdrawPermission(
          file,
          { ...wish, statement: { ...statement, at: hour(2) } },
          rules,
          hour(1),
        ),
      )
      .refused('in-the-future', 'stated_at');
  });

  it('by a guardian is refused for an adult and while the guardian is under suspicion', () => {
    const theirs = {
      permissionId: 'p1',
      channel: 'written',
      statement: { guardianId: 'g1', language: 'en', at: noon },
    } as const;
    const withdrawsAsGuardian = (file: CaseFile) =>
      withdrawPermission(file, theirs, rules, hour(1));
    const guardian = { guardianId: 'g1', from: hour(-9), until: undefined, suspectedAt: undefined };
    const child: CaseFileEvent[] = [
      { type: 'AgeRecorded', age: 'child', at: hour(0) },
      { type: 'GuardianAppointed', guardian },
    ];
    given(caseOpened, granted())
      .when(withdrawsAsGuardian)
      .refused('no-guardian-needed', 'guardian_id');
    given(caseOpened, granted(), ...child)
      .when(withdrawsAsGuardian)
      .then('PermissionWithdrawn', 'WithdrawalBegun');
    given(caseOpened, granted(), ...child, {
      type: 'GuardianSuspected',
      guardianId: 'g1',
      at: noon,
    })
      .when(withdrawsAsGuardian)
      .refused('guardian-under-suspicion', 'guardian_id');
  });

  it('ends the deadlines of its permission', () =>
    given(caseOpened, granted(), {
      type: 'DeadlineSet',
      deadline: { code: 'permission-ends', about: 'p1', due: hour(24) },
    })
      .when(withdraws())
      .then('PermissionWithdrawn', 'WithdrawalBegun', {
        type: 'DeadlineMet',
        code: 'permission-ends',
        about: 'p1',
      }));
});
