import type { CountryPack } from '@opennrm/country';
import { type Meta, systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { ageWillChange } from '../domain/age.ts';
import { countWithdrawn, reviewBasis } from '../domain/basis.ts';
import type { Decide } from '../domain/decide.ts';
import type { ReferralEvent } from '../domain/events.ts';
import { type CaseBasis, type RecordedAge, withAge } from '../domain/matching/basis.ts';
import type { CaseReference } from '../domain/need.ts';
import { allReferencesOf } from '../domain/same-person.ts';
import { changeCaseBasis } from '../outbound/case-bases.ts';
import { lockReferralsOfCases } from '../outbound/reads.ts';
import { referralsOfCase } from '../outbound/referrals-of-cases.ts';
import { samePersonOf } from '../outbound/same-person.ts';
import { acknowledgeWithdrawal } from '../outbound/vault-messages.ts';
import { changeReferral } from './change-referral.ts';

/**
 * Stores what the vault announced about a case, and reviews every referral of the case. The subscription has locked all of them before
 * (`lockFirst`): the review of one may ask the module `directory`, which is locked after every referral.
 */
export async function onVaultEvent(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  caseReference: string,
  change: (known: CaseBasis) => CaseBasis,
): Promise<void> {
  await changeCaseBasis(tx, caseReference as CaseReference, change, meta.rebuild);
  if (meta.rebuild !== undefined) return;
  await reviewReferrals(tx, pack, meta.now, await referralsOfCase(tx, caseReference));
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
  const withoutPermission = (known: CaseBasis): CaseBasis => ({
    ...known,
    permissions: known.permissions.filter((permission) => permission.permissionId !== permissionId),
  });
  await changeCaseBasis(tx, caseReference as CaseReference, withoutPermission, meta.rebuild);
  if (meta.rebuild !== undefined) return;
  const referralIds = await referralsOfCase(tx, caseReference);
  const events = await reviewReferrals(tx, pack, meta.now, referralIds);
  const acted = { caseReference, permissionId, withdrawnCount: countWithdrawn(events) };
  acknowledgeWithdrawal(tx, acted, {
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
 * The vault announced an age. It is stored for later requests and applied to every referral of the person. The lock on the case ensures
 * that a concurrent request and this announcement see each other.
 */
export async function onAgeChanged(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  { caseReference, recorded }: AgeAnnouncement,
): Promise<void> {
  const change = (known: CaseBasis): CaseBasis =>
    recorded === undefined ? known : withAge(known, recorded);
  await changeCaseBasis(tx, caseReference as CaseReference, change, meta.rebuild);
  if (meta.rebuild !== undefined) return;
  const referralIds = await referralsOfPerson(tx, caseReference);
  const decide = recorded === undefined ? ageWillChange : reviewBasis;
  await reviewReferrals(tx, pack, meta.now, referralIds, decide);
}

/**
 * The referrals of the person under any of their references, locked in the order of their ids: what is known under one reference may
 * change how they are treated under another.
 */
export async function referralsOfPerson(tx: Transaction, caseReference: string): Promise<string[]> {
  const reference = caseReference as CaseReference;
  const references = allReferencesOf([reference], await samePersonOf(tx, [reference]));
  return (await lockReferralsOfCases(tx, references)).map(({ referralId }) => referralId);
}

/** @returns the events in all these referrals. */
export async function reviewReferrals(
  tx: Transaction,
  pack: CountryPack,
  now: Instant,
  referralIds: readonly string[],
  decide: Decide = reviewBasis,
): Promise<ReferralEvent[]> {
  const events: ReferralEvent[] = [];
  for (const referralId of referralIds) {
    const outcome = await changeReferral(tx, pack, now, systemAuthor, referralId, decide);
    if (outcome.kind === 'accepted') events.push(...outcome.events);
  }
  return events;
}
