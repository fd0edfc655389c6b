import { randomUUID } from 'node:crypto';
import { type ServiceError, status } from '@grpc/grpc-js';
import { call, refusalOf } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import type { World } from '../world.ts';
import { noReceivers, openVaultCase, permission, recordPermission } from './consent-details.ts';

export function badConsent(world: () => World): void {
  it('a permission that breaks a rule is refused with the name of the rule, and nothing is stored', async () => {
    const { caseId } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const grants = (more: object) =>
      call(world().vault, 'grantPermission', permission(world(), caseId, more), caseworker).catch(
        refusalOf,
      );
    const at = (n: number) => new Date(world().now() + hours(n));
    expect(await grants({ receivers: { ...noReceivers, organisationIds: [randomUUID()] } })).toBe(
      'unknown-receiver',
    );
    expect(await grants({ receivers: noReceivers })).toBe('receiver-missing');
    expect(await grants({ validFrom: at(5), validUntil: at(4) })).toBe('ends-before-it-begins');
    expect(await grants({ validFrom: at(-5), validUntil: at(-4) })).toBe('already-ended');
    expect(await grants({ validUntil: at(24 * 500) })).toBe('too-long');
    expect(await grants({ explained: ['what-for'] })).toBe('not-explained');
    expect(await grants({ givenAt: at(1) })).toBe('in-the-future');
    expect(await grants({ afterPermissionId: randomUUID() })).toBe('unknown-stage');
    const { permissions } = await call(
      world().consents,
      'listConsents',
      { caseId, pageSize: 0, pageToken: '' },
      caseworker,
    );
    expect(permissions).toEqual([]);
  });

  it('a permission is never widened by a renewal, nor by an older permission that is recorded after a withdrawal', async () => {
    const { caseId } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const permissionId = await recordPermission(world(), caseId);
    const wider = permission(world(), caseId, {
      renewsPermissionId: permissionId,
      sections: ['identity', 'story'],
    });
    expect(await call(world().vault, 'grantPermission', wider, caseworker).catch(refusalOf)).toBe(
      'wider-than-before',
    );
    await call(
      world().vault,
      'withdrawPermission',
      { caseId, permissionId, channel: '' },
      caseworker,
    );
    const old = permission(world(), caseId, { givenAt: new Date(world().now() - hours(3)) });
    expect(await call(world().vault, 'grantPermission', old, caseworker).catch(refusalOf)).toBe(
      'denied-since',
    );
  });

  it('a birth date is refused when it is in the future, does not exist, or contradicts the recorded age', async () => {
    const { caseId } = await openVaultCase(world());
    const caseworker = await world().responders.as('caseworker');
    const records = (birthDate: string, age = 'child') =>
      call(world().persons, 'recordAge', { caseId, age, birthDate }, caseworker).catch(
        (error: ServiceError) => error,
      );
    expect(refusalOf(await records('2030-01-01'))).toBe('birth-date-in-the-future');
    expect(await records('2010-02-31')).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await records('1985-03-01')).toMatchObject({ code: status.FAILED_PRECONDITION });
    expect(refusalOf(await records('1985-03-01'))).toBe('age-and-birth-date-differ');
  });

  it('every call on a case of another organisation is refused as not found', async () => {
    const { caseId } = await openVaultCase(world());
    const stranger = await world().organisation().as('caseworker');
    const asked = [
      call(world().consents, 'listConsents', { caseId, pageSize: 0, pageToken: '' }, stranger),
      call(
        world().consents,
        'previewAccess',
        { caseId, proposedPermission: undefined, withdrawnPermissionId: '' },
        stranger,
      ),
      call(world().consents, 'getReceipt', { caseId, recordId: randomUUID() }, stranger),
      call(world().persons, 'recordAge', { caseId, age: 'child', birthDate: '' }, stranger),
      call(world().persons, 'setSafeContact', { caseId, rules: [] }, stranger),
      call(world().words, 'listSectionVersions', { caseId, section: 'story' }, stranger),
      call(
        world().words,
        'listSafetyNotes',
        { caseId, holdId: '', personId: '', purpose: 'health-care' },
        stranger,
      ),
    ];
    const given = await Promise.allSettled(asked);
    expect(
      given.map((one) => (one.status === 'rejected' ? refusalOf(one.reason) : 'answered')),
    ).toEqual(asked.map(() => 'not-found'));
  });
}
