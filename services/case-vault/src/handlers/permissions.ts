import type { CountryPack } from '@opennrm/country';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { unknownOf } from '../adapters/organisations.ts';
import { whereRoom } from '../domain/limits.ts';
import type { NewBasis } from '../domain/permission/basis.ts';
import { endBasis, recordBasis, reviewBasis } from '../domain/permission/basis.ts';
import type { NewPermission, Refusal } from '../domain/permission/given.ts';
import { grantPermission } from '../domain/permission/permission.ts';
import { refusePermission } from '../domain/permission/refusal.ts';
import { asOwner, changeCase } from './ground.ts';

export async function grant(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  permission: NewPermission,
  call: Call,
): Promise<Answer<{ permissionId: string }>> {
  const { organisationIds, excludedOrganisationIds } = permission.receivers;
  const unknownReceivers = await unknownOf(tx, pack, [...organisationIds, ...excludedOrganisationIds]);
  const asking = { rules: pack.consent, now: call.at, unknownReceivers };
  const decide = asOwner(call, (file) =>
    whereRoom(file, 'permissions', () => grantPermission(file, permission, asking)),
  );
  return changeCase(tx, pack, call, caseId, decide, () => ({ permissionId: permission.permissionId }));
}

export async function refuse(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  refusal: Refusal,
  call: Call,
): Promise<Answer<{ refusalId: string }>> {
  const decide = asOwner(call, (file) =>
    whereRoom(file, 'refusals', () => refusePermission(file, refusal, pack.consent, call.at)),
  );
  return changeCase(tx, pack, call, caseId, decide, () => ({ refusalId: refusal.refusalId }));
}

/** `controller` undefined: the organisation that opened the case. */
export async function basis(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  {
    controller,
    ...recorded
  }: Omit<NewBasis, 'controller' | 'recordedBy'> & { readonly controller: string | undefined },
  call: Call,
): Promise<Answer<{ basisId: string }>> {
  const unknown = await unknownOf(tx, pack, controller === undefined ? [] : [controller]);
  if (unknown.length > 0) return refused('unknown-controller', 'controller_id');
  const recordedBy = call.actor.person;
  const decide = asOwner(call, (file) => {
    const whole = { ...recorded, recordedBy, controller: controller ?? file.ownerOrg };
    return whereRoom(file, 'bases', () => recordBasis(file, whole, pack.consent, call.at));
  });
  return changeCase(tx, pack, call, caseId, decide, () => ({ basisId: recorded.basisId }));
}

export const review = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, basisId, stays }: { readonly caseId: string; readonly basisId: string; readonly stays: boolean },
  call: Call,
): Promise<Answer<{ basisId: string }>> => {
  const by = call.actor.person;
  const decide = asOwner(call, (file) => reviewBasis(file, { basisId, by, stays }, pack.consent, call.at));
  return changeCase(tx, pack, call, caseId, decide, () => ({ basisId }));
};

export const end = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, basisId }: { readonly caseId: string; readonly basisId: string },
  call: Call,
): Promise<Answer<{ basisId: string }>> => {
  const decide = asOwner(call, (file) => endBasis(file, basisId, call.at));
  return changeCase(tx, pack, call, caseId, decide, () => ({ basisId }));
};
