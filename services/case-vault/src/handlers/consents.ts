import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { type AgreementRow, agreementsOf } from '../adapters/agreements.ts';
import { unknownOf } from '../adapters/organisations.ts';
import { classesOf } from '../adapters/relations.ts';
import type { CaseFile } from '../domain/case-file.ts';
import { evolve } from '../domain/evolve.ts';
import { type NewPermission, type Permission, stands } from '../domain/permission/given.ts';
import { grantPermission } from '../domain/permission/permission.ts';
import { type Receipt, receiptOf } from '../domain/permission/receipt.ts';
import { withdrawPermission } from '../domain/permission/withdrawal.ts';
import { difference, type WhatIf } from '../domain/reading/who-could-see.ts';
import { asOwner, type Decide, ownFile } from './ground.ts';
import { sightOf } from './seeing.ts';

export async function receipt(
  tx: Transaction,
  pack: CountryPack,
  { caseId, recordId }: { readonly caseId: string; readonly recordId: string },
  call: Call,
): Promise<Answer<Receipt>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const classes = await classesOf(tx, caseId);
  const shown = {
    country: pack.country,
    hidden: pack.consent.hiddenReceivers,
    classOf: (id: string) => classes.get(id),
  };
  const found = receiptOf(file, recordId, shown, call.at);
  return found ? answer(found) : refused('not-found', 'record_id');
}

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
  const unknownReceivers = yes ? await unknownOf(tx, pack, yes.receivers.organisationIds) : [];
  const asking = { rules: pack.consent, now: call.at, unknownReceivers };
  const decide: Decide = asOwner(call, (one) => {
    if (yes) return grantPermission(one, yes, asking);
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
  return answer(difference(sight.at(file, at), sight.at(then, at)));
}

export interface Consents {
  readonly file: CaseFile;
  readonly agreements: readonly AgreementRow[];
}

export async function list(tx: Transaction, caseId: string, call: Call): Promise<Answer<Consents>> {
  const file = await ownFile(tx, caseId, call.actor);
  return file ? answer({ file, agreements: await agreementsOf(tx, caseId) }) : refused('not-found', 'case_id');
}

/** Where a permission stands now, in a word. */
export function stateOf(permission: Permission, now: Instant): string {
  if (permission.withdrawnAt !== undefined) return permission.because ?? 'withdrawn';
  if (stands(permission, now)) return 'standing';
  return now < permission.validFrom ? 'not-yet' : 'over';
}
