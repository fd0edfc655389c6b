import { type CountryPack, DIRECTORY } from '@opennrm/country';
import { answerFrom } from '@opennrm/messaging';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Instant, refuse } from '@opennrm/runtime/decision';
import { NOT_ASSIGNED } from '../domain/next-service.ts';
import { agreeAppointment, recordMissed } from '../domain/places/appointment.ts';
import { recordKept } from '../domain/places/begin-service.ts';
import { type Declaration, declarePlaces } from '../domain/places/declare.ts';
import { type Declared, unitKindOf } from '../domain/places/declared.ts';
import { endService } from '../domain/places/end-service.ts';
import { type HoldId, type PlacesTerms, placesTerms } from '../domain/places/hold.ts';
import type { Places } from '../domain/places/places.ts';
import { freeUnits } from '../domain/places/units.ts';
import { assignWorker } from '../domain/places/worker.ts';
import { offerOf, type Referral, stateName } from '../domain/referral.ts';
import { directory } from '../outbound/directory.ts';
import { hasEnded, lockDirectory, places } from '../outbound/places.ts';
import { termsOf } from '../outbound/provider-messages.ts';
import { lockReferralOfOffer } from '../outbound/reads.ts';
import { referrals } from '../outbound/referrals.ts';
import type { By } from './change-once.ts';
import { applyAnswers, authorOf } from './change-referral.ts';
import { changePlaces, type DecideOnPlaces, reportCapacity } from './places-provider.ts';

/** Staff act for their own organisation. A coordinator may record for any organisation what its staff reported by telephone. */
const mayActFor = (organisationId: string, { actor }: Call): boolean =>
  actor.organisation === organisationId || actor.holds('coordinator');

/** Declares the places of a service whose need the directory provides, for the first time or again. */
export async function declare(
  tx: Transaction,
  pack: CountryPack,
  { serviceId, declared }: { readonly serviceId: string; readonly declared: Declared },
  call: Call,
): Promise<Answer<{ free: number }>> {
  const entry = await directory.find(tx, serviceId);
  if (!entry || !mayActFor(entry.organisationId, call)) return refused('not-found', 'service_id');
  const need = pack.needs.find(({ code }) => code === entry.need);
  if (need?.providedBy !== DIRECTORY) return refused('not-provided-here', 'service_id');
  if (need.unitKind !== unitKindOf(declared)) return refused('other-unit-kind', 'declared');
  const declaration = {
    serviceId: entry.serviceId,
    organisationId: entry.organisationId,
    declared,
  };
  const by = { at: call.at, author: authorOf(call.actor) };
  const change = () =>
    changePlaces(tx, serviceId, by, undefined, (state) =>
      declarePlaces(state, declaration, call.at),
    );
  const changed = await change();
  const isNew = changed.kind === 'unknown';
  const stored = isNew ? await begin(tx, declaration, by) : changed;
  // Somebody else declared it for the first time meanwhile.
  const outcome =
    isNew && stored.kind === 'refused' && stored.refusal === 'already-exists'
      ? await change()
      : stored;
  return answerFrom(outcome, (state) => ({ free: freeUnits(state, call.at) }), 'service_id');
}

async function begin(tx: Transaction, declaration: Declaration, by: By) {
  const decision = declarePlaces(undefined, declaration, by.at);
  const begun = await places.create(tx, declaration.serviceId, decision, by);
  if (begun.kind === 'accepted') await reportCapacity(tx, undefined, begun.state, by.at, undefined);
  return begun;
}

/** The places of a service, for its staff and the coordination desk. */
export async function findPlaces(
  tx: Transaction,
  serviceId: string,
  call: Call,
): Promise<Places | undefined> {
  const state = await places.find(tx, serviceId);
  return state && mayActFor(state.organisationId, call) ? state : undefined;
}

/** What a command on a hold may use. The referral, and with it everything here, is locked. */
interface LockedHold {
  readonly holdId: HoldId;
  readonly referral: Referral;
  readonly terms: PlacesTerms;
  readonly pack: CountryPack;
  readonly now: Instant;
}

/** What staff record about a hold. */
export type HoldCommand = (hold: LockedHold) => DecideOnPlaces;

export const agree =
  (at: Instant): HoldCommand =>
  ({ holdId, pack, now }) =>
  (state) =>
    at > now + pack.deadlines.maxAppointmentLeadMs
      ? refuse('too-far-ahead', 'at')
      : agreeAppointment(state, holdId, at, now);

export const keep: HoldCommand =
  ({ holdId, terms, now }) =>
  (state) =>
    recordKept(state, holdId, terms, now);

export const miss =
  (code: string): HoldCommand =>
  ({ holdId, now }) =>
  (state) =>
    recordMissed(state, holdId, code, now);

export const assign =
  (workerId: string): HoldCommand =>
  ({ holdId, referral, terms, now }) =>
  (state) => {
    // The person had agreed. A worker who took up the case after the deadline is recorded all the same.
    const isLate = offerOf(referral, holdId)?.code === NOT_ASSIGNED;
    return assignWorker(state, holdId, { workerId, isLate }, terms, now);
  };

export const end =
  (code: string): HoldCommand =>
  ({ holdId }) =>
  (state) =>
    endService(state, holdId, code);

/** A command on a hold. The referral is locked first, so that both change together or not at all. */
export async function changeHold(
  tx: Transaction,
  pack: CountryPack,
  holdId: string,
  call: Call,
  command: HoldCommand,
): Promise<Answer<{ state: string }>> {
  const referralId = await lockReferralOfOffer(tx, holdId);
  if (!referralId) return refused('not-found', 'hold_id');
  const referral = (await referrals.find(tx, referralId)) as Referral;
  const offer = offerOf(referral, holdId);
  if (!offer || !mayActFor(offer.organisationId, call)) return refused('not-found', 'hold_id');
  if (referral.providedBy !== DIRECTORY) return refused('not-provided-here', 'hold_id');
  await lockDirectory(tx);
  // A late or repeated report does not begin the service again.
  if (await hasEnded(tx, holdId)) return refused('service-ended', 'hold_id');
  const { serviceId } = offer;
  const by = { at: call.at, author: authorOf(call.actor) };
  const terms = placesTerms(termsOf(serviceId, referral));
  const decide = command({ holdId: holdId as HoldId, referral, terms, pack, now: call.at });
  const change = await changePlaces(tx, serviceId, by, holdId, decide);
  if (change.kind === 'unknown') return refused('not-held', 'hold_id');
  if (change.kind === 'refused') return refused(change.refusal, change.field ?? 'hold_id');
  const after = await applyAnswers(tx, pack, by, referral, change.answers);
  return answer({ state: stateName(after) });
}
