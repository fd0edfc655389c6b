import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { ageWillChange } from '../domain/age.ts';
import { countWithdrawn, reviewBasis } from '../domain/basis.ts';
import type { Decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import { type CaseBasis, type RecordedAge, withAge } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';
import { changeCaseBasis, lockCases } from '../outbound/case-bases.ts';
import { referralsOfCase } from '../outbound/reads.ts';
import { acknowledgeWithdrawal } from '../outbound/vault-messages.ts';
import { changeReferral } from './change-referral.ts';

/** Stores what the vault announced about a case, and reviews every referral of the case once the projection is complete. */
export async function onVaultEvent(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  caseReference: string,
  change: (known: CaseBasis) => CaseBasis,
): Promise<void> {
  await changeCaseBasis(tx, caseReference as CaseReference, change);
  await changeReferralsOfCase(tx, pack, meta, caseReference, reviewBasis);
}

/**
 * A permission was withdrawn: what no other basis covers is withdrawn. The vault gets an acknowledgement in the same transaction, also
 * where nothing was withdrawn.
 */
export async function onPermissionWithdrawn(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  {
    caseReference,
    permissionId,
  }: { readonly caseReference: string; readonly permissionId: string },
): Promise<void> {
  await changeCaseBasis(tx, caseReference as CaseReference, (known) => ({
    ...known,
    permissions: known.permissions.filter((permission) => permission.permissionId !== permissionId),
  }));
  const events = await changeReferralsOfCase(tx, pack, meta, caseReference, reviewBasis);
  if (meta.rebuild !== undefined) return;
  const acted = { caseReference, permissionId, withdrawnCount: countWithdrawn(events) };
  await acknowledgeWithdrawal(tx, acted, {
    sequence: meta.sequence,
    at: meta.now,
    author: systemAuthor,
  });
}

interface AgeAnnouncement {
  readonly caseReference: string;
  /** Undefined: the recorded age does not change, or its value is unknown to this service. */
  readonly recorded: RecordedAge | undefined;
}

/**
 * The vault announced an age. It is stored for later requests and applied to every referral of the case. The lock on the case ensures
 * that a concurrent request and this announcement see each other.
 */
export async function onAgeChanged(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  { caseReference, recorded }: AgeAnnouncement,
): Promise<void> {
  if (recorded !== undefined || meta.rebuild !== undefined)
    return onVaultEvent(tx, pack, meta, caseReference, (known) =>
      recorded === undefined ? known : withAge(known, recorded),
    );
  await lockCases(tx, [caseReference]);
  await changeReferralsOfCase(tx, pack, meta, caseReference, ageWillChange);
}

/** The events in all referrals of the case; none while a projection is filled again. */
async function changeReferralsOfCase(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  caseReference: string,
  decide: Decide,
) {
  if (meta.rebuild === 'under-way') return [];
  const events: ReferralEvent[] = [];
  for (const referralId of await referralsOfCase(tx, caseReference)) {
    const outcome = await changeReferral(tx, pack, meta.now, systemAuthor, referralId, decide);
    if (outcome.kind === 'accepted') events.push(...outcome.events);
  }
  return events;
}
