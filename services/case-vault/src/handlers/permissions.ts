import type { CountryPack } from '@opennrm/country';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { withinLimit } from '../domain/limits.ts';
import type { NewBasis } from '../domain/permission/basis.ts';
import { endBasis, recordBasis, reviewBasis } from '../domain/permission/basis.ts';
import type { ConsentDenial, NewPermission } from '../domain/permission/consent-records.ts';
import { recordDenial } from '../domain/permission/denial.ts';
import { grantPermission } from '../domain/permission/permission.ts';
import { findUnknownOrganisations } from '../outbound/organisations.ts';
import { asOwner, changeCase } from './case-access.ts';

export async function grant(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  permission: NewPermission,
  call: Call,
): Promise<Answer<{ permissionId: string }>> {
  const { organisationIds, excludedOrganisationIds } = permission.receivers;
  const unknownReceivers = await findUnknownOrganisations(tx, pack, [
    ...organisationIds,
    ...excludedOrganisationIds,
  ]);
  const asking = { rules: pack.consent, now: call.at, unknownReceivers };
  const decide = asOwner(call, (file) =>
    withinLimit(file, 'permissions', () => grantPermission(file, permission, asking)),
  );
  return changeCase(tx, pack, call, caseId, decide, () => ({
    permissionId: permission.permissionId,
  }));
}

export async function refuse(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  denial: ConsentDenial,
  call: Call,
): Promise<Answer<{ denialId: string }>> {
  const decide = asOwner(call, (file) =>
    withinLimit(file, 'denials', () => recordDenial(file, denial, pack.consent, call.at)),
  );
  return changeCase(tx, pack, call, caseId, decide, () => ({ denialId: denial.denialId }));
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
  const unknown = await findUnknownOrganisations(
    tx,
    pack,
    controller === undefined ? [] : [controller],
  );
  if (unknown.length > 0) return refused('unknown-controller', 'controller_id');
  const recordedBy = call.actor.person;
  const decide = asOwner(call, (file) => {
    const whole = { ...recorded, recordedBy, controller: controller ?? file.ownerOrg };
    return withinLimit(file, 'bases', () => recordBasis(file, whole, pack.consent, call.at));
  });
  return changeCase(tx, pack, call, caseId, decide, () => ({ basisId: recorded.basisId }));
}

export const review = (
  tx: Transaction,
  pack: CountryPack,
  {
    caseId,
    basisId,
    isUpheld,
  }: { readonly caseId: string; readonly basisId: string; readonly isUpheld: boolean },
  call: Call,
): Promise<Answer<{ basisId: string }>> => {
  const by = call.actor.person;
  const decide = asOwner(call, (file) =>
    reviewBasis(file, { basisId, by, isUpheld }, pack.consent, call.at),
  );
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
