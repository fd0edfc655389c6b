import { randomUUID } from 'node:crypto';
import type { GrantPermissionRequest } from '@opennrm/contracts/opennrm/case_vault/v1/service.ts';
import { call } from '@opennrm/runtime';
import { hours } from '@opennrm/runtime/decision';
import type { World } from '../world.ts';

/** All that the sample country asks to be explained before a yes or a no counts. */
export const EXPLAINED = ['who-receives', 'what-for', 'may-be-taken-back', 'no-costs-nothing'];

/** Spoken by the person herself, in English, with everything explained. */
export const spoken = (more: { readonly guardianId?: string; readonly childView?: string } = {}) => ({
  ...{ form: 'spoken', language: 'en', interpreter: false, interpreterId: '', witnessId: '', explained: EXPLAINED },
  ...{ guardianId: '', childView: '', givenAt: undefined, ...more },
});

export const toNobody = {
  ...{ excludedRegions: [], excludedOrganisationIds: [], organisationIds: [], serviceClasses: [] },
};

/** From an hour ago, for most of a year. */
export const forLong = (world: World) => ({
  validFrom: new Date(world.now() - hours(1)),
  validUntil: new Date(world.now() + hours(5_000)),
});

/** What she permits, said in one go: that shelters may know who she is while a place is sought. */
export const permission = (
  world: World,
  caseId: string,
  more: Partial<GrantPermissionRequest> = {},
): GrantPermissionRequest => ({
  ...{ caseId, permissionId: randomUUID(), purpose: 'accommodation', sections: ['identity'] },
  receivers: { ...toNobody, serviceClasses: ['safe-accommodation'] },
  ...{ ...spoken(), ...forLong(world), afterPermissionId: '', renewsPermissionId: '', ...more },
});

export async function permits(
  world: World,
  caseId: string,
  more: Partial<GrantPermissionRequest> = {},
): Promise<string> {
  const wish = permission(world, caseId, more);
  await call(world.vault, 'grantPermission', wish, await world.responders.as('caseworker'));
  return wish.permissionId;
}

/** A case that is open, and the references by which services know it. */
export async function opened(world: World, services: readonly string[] = ['referral']) {
  const caseId = randomUUID();
  const opening = { caseId, services: [...services], need: 'safe-accommodation' };
  const { references } = await call(world.vault, 'openCase', opening, await world.responders.as('caseworker'));
  return {
    caseId,
    referenceFor: (service: string): string => references.find((one) => one.service === service)?.reference ?? '',
  };
}
