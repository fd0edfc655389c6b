import type { CountryPack } from '@opennrm/country';
import type { Meta } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { changeCaseBasis } from '../adapters/case-bases.ts';
import { referralsOfCase } from '../adapters/reads.ts';
import { vaultSpoke } from '../domain/basis.ts';
import type { CaseBasis } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';
import { changeReferral, platform } from './ground.ts';

/** The vault spoke of a case: remember it, and let every referral of the case follow. */
export async function onVaultWord(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  caseReference: string,
  change: (known: CaseBasis) => CaseBasis,
): Promise<void> {
  await changeCaseBasis(tx, caseReference as CaseReference, change);
  for (const referralId of await referralsOfCase(tx, caseReference)) {
    await changeReferral(tx, pack, meta.now, platform, referralId, vaultSpoke);
  }
}
