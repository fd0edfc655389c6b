import type { CountryPack } from '@opennrm/country';
import { type Meta, platform } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { changeCaseBasis } from '../adapters/case-bases.ts';
import { referralsOfCase } from '../adapters/reads.ts';
import { acknowledgeWithdrawal } from '../adapters/said-to-vault.ts';
import { ageChanged, ageReviewed, closedBy, vaultSpoke } from '../domain/basis.ts';
import type { Decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference, UnderEighteen } from '../domain/need.ts';
import { changeReferral } from './ground.ts';

/** The vault spoke of a case: remember it, and let every referral of the case follow. */
export async function onVaultWord(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  caseReference: string,
  change: (known: CaseBasis) => CaseBasis,
): Promise<void> {
  await changeCaseBasis(tx, caseReference as CaseReference, change);
  await everyReferral(tx, pack, meta, caseReference, vaultSpoke);
}

/** A permission is taken back: what may be closed is closed, and the vault is told so in the same transaction, be it nothing. */
export async function onWithdrawal(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  { caseReference, permissionId }: { readonly caseReference: string; readonly permissionId: string },
): Promise<void> {
  await changeCaseBasis(tx, caseReference as CaseReference, (known) => ({
    ...known,
    permissions: known.permissions.filter((permission) => permission.permissionId !== permissionId),
  }));
  const events = await everyReferral(tx, pack, meta, caseReference, vaultSpoke);
  const acted = { caseReference, permissionId, closed: closedBy(events) };
  await acknowledgeWithdrawal(tx, acted, { sequence: meta.sequence, at: meta.now, author: platform });
}

/** Somebody's age changed what fits her, or will. */
export async function onAgeChanged(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  {
    caseReference,
    underEighteen,
  }: { readonly caseReference: string; readonly underEighteen: UnderEighteen | undefined },
): Promise<void> {
  const decide = underEighteen === undefined ? ageChanged : ageReviewed(caseReference, underEighteen);
  await everyReferral(tx, pack, meta, caseReference, decide);
}

/** What followed, in every referral of the case. */
async function everyReferral(tx: Transaction, pack: CountryPack, meta: Meta, caseReference: string, decide: Decide) {
  const events: ReferralEvent[] = [];
  for (const referralId of await referralsOfCase(tx, caseReference)) {
    const outcome = await changeReferral(tx, pack, meta.now, platform, referralId, decide);
    if (outcome.kind === 'accepted') events.push(...outcome.events);
  }
  return events;
}
