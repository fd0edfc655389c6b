import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { type Instant, instant } from '@opennrm/runtime/decision';
import { ageChanged, ageRepeated, ageReviewed } from '../domain/age.ts';
import { countWithdrawn, reviewBasis } from '../domain/basis.ts';
import type { Decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import { type CaseBasis, withAge } from '../domain/matching/basis.ts';
import type { CaseReference, UnderEighteen } from '../domain/need.ts';
import { changeCaseBasis } from '../outbound/case-bases.ts';
import { referralsOfCase } from '../outbound/reads.ts';
import { acknowledgeWithdrawal } from '../outbound/vault-messages.ts';
import { changeReferral } from './change-referral.ts';

/** Stores what the vault announced about a case, and reviews every referral of the case. */
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
  const acted = { caseReference, permissionId, withdrawnCount: countWithdrawn(events) };
  await acknowledgeWithdrawal(tx, acted, {
    sequence: meta.sequence,
    at: meta.now,
    author: systemAuthor,
  });
}

/** The vault does not announce when it recorded an age that it repeats: it was before the reference was registered. */
const BEFORE_ALL: Instant = instant(0);

interface AgeAnnouncement {
  readonly caseReference: string;
  /** `age-repeated` means recorded before the vault knew this reference. */
  readonly code: string;
  /** Undefined: no value that this service knows; the recorded age does not change. */
  readonly underEighteen: UnderEighteen | undefined;
}

/**
 * The vault announced an age. It is stored for later requests and applied to every referral of the case. The lock on the case ensures
 * that a concurrent request and this announcement see each other.
 */
export async function onAgeChanged(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  { caseReference, code, underEighteen }: AgeAnnouncement,
): Promise<void> {
  const isRepeated = code === 'age-repeated';
  const recorded = underEighteen && { underEighteen, at: isRepeated ? BEFORE_ALL : meta.at };
  await changeCaseBasis(tx, caseReference as CaseReference, (known) =>
    recorded === undefined ? known : withAge(known, recorded),
  );
  const decide = isRepeated
    ? ageRepeated
    : recorded === undefined
      ? ageChanged
      : ageReviewed(caseReference, recorded);
  await changeReferralsOfCase(tx, pack, meta, caseReference, decide);
}

/** The events in all referrals of the case. */
async function changeReferralsOfCase(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  caseReference: string,
  decide: Decide,
) {
  const events: ReferralEvent[] = [];
  for (const referralId of await referralsOfCase(tx, caseReference)) {
    const outcome = await changeReferral(tx, pack, meta.now, systemAuthor, referralId, decide);
    if (outcome.kind === 'accepted') events.push(...outcome.events);
  }
  return events;
}
