import { expect, it } from 'vitest';
import { fileAfter, hour, permission, rules } from '../case.fixture.ts';
import type { CaseFile } from '../case-file.ts';
import type { CaseFileEvent } from '../events.ts';
import type { NewPermission } from './consent-records.ts';
import { withdrawPermission } from './withdrawal.ts';

const granted = (permissionId: string, more: Partial<NewPermission> = {}): CaseFileEvent => ({
  type: 'PermissionGranted',
  permission: permission({ permissionId, ...more }),
});

it('an acknowledgement counts for its own service only, even if two services have the same reference', () => {
  const audience = (service: string) => ({
    service,
    reference: 'r1',
    acknowledgedAt: undefined,
    closed: 0,
  });
  const withdrawal: CaseFile['withdrawals'][number] = {
    permissionId: 'p1',
    at: hour(1),
    cause: 'withdrawn',
    channel: 'in-person',
    calledBack: undefined,
    audiences: [audience('referral'), audience('identification-intake')],
  };
  const answer = {
    permissionId: 'p1',
    service: 'referral',
    reference: 'r1',
    closed: 2,
    at: hour(2),
  };
  const file = fileAfter(
    { type: 'WithdrawalBegun', withdrawal },
    { type: 'WithdrawalAcknowledged', ...answer },
  );
  expect(file.withdrawals[0]?.audiences.map(({ acknowledgedAt }) => acknowledgedAt)).toEqual([
    hour(2),
    undefined,
  ]);
});

it('a withdrawal ends each permission of its chain once, and none that was withdrawn before', () => {
  const file = fileAfter(
    granted('p1'),
    granted('p2', { renews: 'p1' }),
    granted('p3', { after: 'p1' }),
    {
      type: 'PermissionWithdrawn',
      permissionId: 'p3',
      at: hour(0.5),
      cause: 'withdrawn',
    },
  );
  const decision = withdrawPermission(
    file,
    { permissionId: 'p2', channel: 'in-person' },
    rules,
    hour(1),
  );
  const events = decision.kind === 'accepted' ? decision.events : [];
  const ended = events.flatMap((event) =>
    event.type === 'PermissionWithdrawn' ? [event.permissionId] : [],
  );
  expect(ended.toSorted()).toEqual(['p1', 'p2']);
});
