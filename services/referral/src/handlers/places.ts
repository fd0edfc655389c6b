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
import { lockReferralsOf, referralOfOffer } from '../outbound/reads.ts';
import { referrals } from '../outbound/referrals.ts';
import type { By } from './change-once.ts';
import { applyAnswers, authorOf } from './change-referral.ts';
import { changePlaces, type DecideOnPlaces, reportCapacity } from './places-provider.ts';

type State = Answer<{ state: string }>;

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

export const agree = (
  tx: Transaction,
  pack: CountryPack,
  { holdId, at }: { readonly holdId: string; readonly at: Instant },
  call: Call,
): Promise<State> =>
  changeHold(
    tx,
    pack,
    holdId,
    call,
    () => (state) =>
      at > call.at + pack.deadlines.maxAppointmentLeadMs
        ? refuse('too-far-ahead', 'at')
        : agreeAppointment(state, holdId as HoldId, at, call.at),
  );

/** A repeated report of the visit does not begin a service again that is over. */
export const kept = async (
  tx: Transaction,
  pack: CountryPack,
  holdId: string,
  call: Call,
): Promise<State> => {
  const isOver = await hasEnded(tx, holdId);
  return changeHold(
    tx,
    pack,
    holdId,
    call,
    (terms) => (state) =>
      isOver
        ? refuse('service-ended', 'hold_id')
        : recordKept(state, holdId as HoldId, terms, call.at),
  );
};

export const missed = (
  tx: Transaction,
  pack: CountryPack,
  { holdId, code }: { readonly holdId: string; readonly code: string },
  call: Call,
): Promise<State> =>
  changeHold(
    tx,
    pack,
    holdId,
    call,
    () => (state) => recordMissed(state, holdId as HoldId, code, call.at),
  );

export const assign = (
  tx: Transaction,
  pack: CountryPack,
  { holdId, workerId }: { readonly holdId: string; readonly workerId: string },
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, (terms, referral) => (state) => {
    const worker = { workerId, isLate: wasNotAssignedInTime(referral, holdId) };
    return assignWorker(state, holdId as HoldId, worker, terms, call.at);
  });

/** The person had agreed to this service, and no worker was named in time. A worker who took up the case all the same is recorded. */
const wasNotAssignedInTime = (referral: Referral, holdId: string): boolean =>
  offerOf(referral, holdId)?.code === NOT_ASSIGNED;

export const end = (
  tx: Transaction,
  pack: CountryPack,
  { holdId, code }: { readonly holdId: string; readonly code: string },
  call: Call,
): Promise<State> =>
  changeHold(tx, pack, holdId, call, () => (state) => endService(state, holdId as HoldId, code));

/** A command on a hold. The referral is locked first, so that both change together or not at all. */
async function changeHold(
  tx: Transaction,
  pack: CountryPack,
  holdId: string,
  call: Call,
  decideWith: (terms: PlacesTerms, referral: Referral) => DecideOnPlaces,
): Promise<State> {
  const referralId = await referralOfOffer(tx, holdId);
  if (!referralId) return refused('not-found', 'hold_id');
  await lockReferralsOf(tx, [holdId]);
  const referral = (await referrals.find(tx, referralId)) as Referral;
  const offer = offerOf(referral, holdId);
  if (!offer || !mayActFor(offer.organisationId, call)) return refused('not-found', 'hold_id');
  if (referral.providedBy !== DIRECTORY) return refused('not-provided-here', 'hold_id');
  await lockDirectory(tx);
  const { serviceId } = offer;
  const by = { at: call.at, author: authorOf(call.actor) };
  const decide = decideWith(placesTerms(termsOf(serviceId, referral)), referral);
  const change = await changePlaces(tx, serviceId, by, holdId, decide);
  if (change.kind === 'unknown') return refused('not-held', 'hold_id');
  if (change.kind === 'refused') return refused(change.refusal, change.field ?? 'hold_id');
  const after = await applyAnswers(tx, pack, by, referral, change.answers);
  return answer({ state: stateName(after) });
}
