import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import { evolve } from '../domain/evolve.ts';
import { withinLimit } from '../domain/limits.ts';
import type { NewPermission } from '../domain/permission/consent-records.ts';
import { grantPermission } from '../domain/permission/permission.ts';
import { withdrawPermission } from '../domain/permission/withdrawal.ts';
import { type AccessDifference, difference } from '../domain/reading/read-access.ts';
import { findUnknownOrganisations } from '../outbound/organisations.ts';
import { asOwner, type Decide, ownFile } from './case-access.ts';
import { displayNamesOf, organisationsOf, withDisplayNames } from './display-names.ts';
import { readAccessOf } from './read-access.ts';

/** A permission or withdrawal that the person considers. */
export interface ProposedChange {
  readonly permission: NewPermission | undefined;
  readonly withdrawnPermissionId: string | undefined;
}

/** Who could see what, now and then: the same rules as for the deed, and nothing is kept. */
export async function previewAccess(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  { permission, withdrawnPermissionId }: ProposedChange,
  call: Call,
): Promise<Answer<AccessDifference>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const { organisationIds = [], excludedOrganisationIds = [] } = permission?.receivers ?? {};
  const unknownReceivers = await findUnknownOrganisations(tx, pack, [
    ...organisationIds,
    ...excludedOrganisationIds,
  ]);
  const asking = { rules: pack.consent, now: call.at, unknownReceivers };
  const decide: Decide = asOwner(call, (one) => {
    if (permission)
      return withinLimit(one, 'permissions', () => grantPermission(one, permission, asking));
    const permissionId = withdrawnPermissionId ?? '';
    return withdrawPermission(one, { permissionId, channel: 'in-person' }, pack.consent, call.at);
  });
  const decision = permission || withdrawnPermissionId !== undefined ? decide(file) : undefined;
  if (decision?.kind === 'refused') return refused(decision.refusal, decision.field);
  const events = decision?.kind === 'accepted' ? decision.events : [];
  const then = events.reduce<CaseFile>((state, event) => evolve(state, event), file);
  const access = await readAccessOf(tx, pack, file, then);
  // A permission that begins later is looked at when it begins.
  const at = (
    permission && permission.validFrom > call.at ? permission.validFrom : call.at
  ) as Instant;
  return answer(
    await withoutPlaceNames(tx, pack, file, difference(access(file, at), access(then, at))),
  );
}

/** The person may be forced to show this list too. */
async function withoutPlaceNames(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  { gained, lost, unchanged }: AccessDifference,
): Promise<AccessDifference> {
  const names = await displayNamesOf(
    tx,
    pack,
    file,
    organisationsOf([...gained, ...lost, ...unchanged]),
  );
  return {
    gained: withDisplayNames(gained, names),
    lost: withDisplayNames(lost, names),
    unchanged: withDisplayNames(unchanged, names),
  };
}
