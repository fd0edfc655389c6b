import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { unknownOf } from '../adapters/organisations.ts';
import type { CaseFile } from '../domain/case-file.ts';
import { evolve } from '../domain/evolve.ts';
import { whereRoom } from '../domain/limits.ts';
import type { NewPermission } from '../domain/permission/given.ts';
import { grantPermission } from '../domain/permission/permission.ts';
import { withdrawPermission } from '../domain/permission/withdrawal.ts';
import { difference, type WhatIf } from '../domain/reading/who-could-see.ts';
import { asOwner, type Decide, ownFile } from './ground.ts';
import { namesOf, organisationsOf, renamed } from './naming.ts';
import { sightOf } from './seeing.ts';

/** What she thinks of saying. */
export interface Thought {
  readonly yes: NewPermission | undefined;
  readonly withdrawnPermissionId: string | undefined;
}

/** Who could see what, now and then: the same rules as for the deed, and nothing is kept. */
export async function whatIf(
  tx: Transaction,
  pack: CountryPack,
  caseId: string,
  { yes, withdrawnPermissionId }: Thought,
  call: Call,
): Promise<Answer<WhatIf>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const { organisationIds = [], excludedOrganisationIds = [] } = yes?.receivers ?? {};
  const unknownReceivers = await unknownOf(tx, pack, [...organisationIds, ...excludedOrganisationIds]);
  const asking = { rules: pack.consent, now: call.at, unknownReceivers };
  const decide: Decide = asOwner(call, (one) => {
    if (yes) return whereRoom(one, 'permissions', () => grantPermission(one, yes, asking));
    const permissionId = withdrawnPermissionId ?? '';
    return withdrawPermission(one, { permissionId, channel: 'in-person' }, pack.consent, call.at);
  });
  const decision = yes || withdrawnPermissionId !== undefined ? decide(file) : undefined;
  if (decision?.kind === 'refused') return refused(decision.refusal, decision.field);
  const events = decision?.kind === 'accepted' ? decision.events : [];
  const then = events.reduce<CaseFile>((state, event) => evolve(state, event), file);
  const sight = await sightOf(tx, pack, file, then);
  // A permission that begins later is looked at when it begins.
  const at = (yes && yes.validFrom > call.at ? yes.validFrom : call.at) as Instant;
  return answer(await betrayingNoPlace(tx, pack, file, difference(sight(file, at), sight(then, at))));
}

/** She may be made to show this list too. */
async function betrayingNoPlace(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  { gained, lost, stays }: WhatIf,
): Promise<WhatIf> {
  const names = await namesOf(tx, pack, file, organisationsOf([...gained, ...lost, ...stays]));
  return { gained: renamed(gained, names), lost: renamed(lost, names), stays: renamed(stays, names) };
}
