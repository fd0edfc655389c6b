import { randomUUID } from 'node:crypto';
import type { GrantPermissionRequest } from '@opennrm/contracts/opennrm/case_vault/v1/permission.ts';
import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import type { World } from '../world.ts';

/** Everything that the sample country requires to be explained before a permission or a denial is valid. */
export const EXPLAINED = ['who-receives', 'what-for', 'may-be-withdrawn', 'denial-costs-nothing'];

/** A decision that the person states orally, in English, with everything explained. */
export const consentDetails = (
  more: { readonly guardianId?: string; readonly childView?: string } = {},
) => ({
  form: 'spoken',
  language: 'en',
  interpreter: false,
  interpreterId: '',
  witnessId: '',
  explained: EXPLAINED,
  guardianId: '',
  childView: '',
  givenAt: undefined,
  ...more,
});

export const noReceivers = {
  excludedRegions: [],
  excludedOrganisationIds: [],
  organisationIds: [],
  serviceClasses: [],
};

/** Valid since an hour ago, for 5,000 hours. */
export const longTerm = (world: World) => ({
  validFrom: new Date(world.now() - hours(1)),
  validUntil: new Date(world.now() + hours(5_000)),
});

/** A permission that is valid at once: shelters may read the identity while a place is sought. */
export const permission = (
  world: World,
  caseId: string,
  more: Partial<GrantPermissionRequest> = {},
): GrantPermissionRequest => ({
  caseId,
  permissionId: randomUUID(),
  purpose: 'accommodation',
  sections: ['identity'],
  receivers: { ...noReceivers, serviceClasses: ['safe-accommodation'] },
  ...consentDetails(),
  ...longTerm(world),
  afterPermissionId: '',
  renewsPermissionId: '',
  ...more,
});

export async function recordPermission(
  world: World,
  caseId: string,
  more: Partial<GrantPermissionRequest> = {},
): Promise<string> {
  const wish = permission(world, caseId, more);
  await call(world.vault, 'grantPermission', wish, await world.responders.as('caseworker'));
  return wish.permissionId;
}

/** Opens a case. @returns its id, and the reference by which each service knows it. */
export async function openVaultCase(world: World, services: readonly string[] = ['referral']) {
  const caseId = randomUUID();
  const opening = { caseId, services: [...services], need: 'safe-accommodation' };
  const { references } = await call(
    world.vault,
    'openCase',
    opening,
    await world.responders.as('caseworker'),
  );
  return {
    caseId,
    referenceFor: (service: string): string =>
      references.find((one) => one.service === service)?.reference ?? '',
  };
}
