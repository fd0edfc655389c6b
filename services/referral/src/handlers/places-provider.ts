import type { Transaction } from '@opennrm/runtime';
import { type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import { addApart } from '../domain/places/apart.ts';
import { awaitDelivery } from '../domain/places/await-delivery.ts';
import { unitKindOf } from '../domain/places/declared.ts';
import type { PlacesEvent } from '../domain/places/events.ts';
import { type HoldId, placesTerms } from '../domain/places/hold.ts';
import { confirmHold, releaseHold, requestHold, resizeHold } from '../domain/places/holding.ts';
import type { Places } from '../domain/places/places.ts';
import { freeUnits, largestFree } from '../domain/places/units.ts';
import { signalAvailability } from '../outbound/availability-signals.ts';
import { storeHint } from '../outbound/capacity-hints.ts';
import { scheduleHoldReview } from '../outbound/hold-reviews.ts';
import { places } from '../outbound/places.ts';
import type { FromProvider, ToProvider } from '../outbound/provider-messages.ts';
import type { By } from './change-once.ts';

export type DecideOnPlaces<Refusal extends string = string> = (
  state: Places,
) => Decision<PlacesEvent, Refusal>;

/** What a message of a referral decides about the places; undefined for one that no service of the directory receives. */
export function decideOnMessage(message: ToProvider, now: Instant): DecideOnPlaces | undefined {
  switch (message.$case) {
    case 'holdRequested':
    case 'confirmRequested': {
      const { terms, holdId } = message.value;
      if (!terms) return undefined;
      const decide = message.$case === 'holdRequested' ? requestHold : confirmHold;
      return (state) => decide(state, holdId as HoldId, placesTerms(terms), now);
    }
    case 'holdReleaseRequested': {
      const { holdId } = message.value;
      return (state) => releaseHold(state, holdId as HoldId, 'asked');
    }
    case 'holdResized': {
      const { holdId, places: people } = message.value;
      return (state) => resizeHold(state, holdId as HoldId, people);
    }
    case 'holdApartAdded': {
      const { holdId, apartId } = message.value;
      return (state) => addApart(state, holdId as HoldId, apartId);
    }
    case 'deliveryAwaited': {
      const { holdId, by, isReminder } = message.value;
      const awaited = { by: instant(by?.getTime() ?? 0), isReminder };
      return (state) => awaitDelivery(state, holdId as HoldId, awaited);
    }
    case 'deliveryArranged':
    case 'deliveryEnded':
    case 'serviceRegistered':
    case 'serviceSuspended':
    case 'serviceReinstated':
      return undefined;
  }
}

/** Changes the places of a service, and reports its free units. @returns the answers about this hold, in the order of the events. */
export async function changePlaces<Refusal extends string>(
  tx: Transaction,
  serviceId: string,
  by: By,
  holdId: string | undefined,
  decide: DecideOnPlaces<Refusal>,
) {
  let before: Places | undefined;
  const outcome = await places.change(tx, serviceId, by, (state) => {
    before = state;
    return decide(state);
  });
  if (outcome.kind !== 'accepted') return { ...outcome, answers: [] };
  await reportCapacity(tx, before, outcome.state, by.at, holdId);
  for (const event of outcome.events)
    if (event.type === 'ApartOverlapFound' && event.holdId !== holdId)
      await scheduleHoldReview(tx, event.holdId, by.at);
  const answers = outcome.events.flatMap((event) => answerOf(event, by.at, holdId) ?? []);
  return { ...outcome, answers };
}

/**
 * Stores the number of free units where it changed. If it rose, or a larger party could be placed than before, waiting referrals are woken after this
 * transaction. Times of an appointment book that have begun since the last report are reported first, so that the rise is not counted from too high
 * a number.
 * @param before missing for places that are declared for the first time.
 */
export async function reportCapacity(
  tx: Transaction,
  before: Places | undefined,
  after: Places,
  now: Instant,
  causedByHoldId: string | undefined,
): Promise<void> {
  const { serviceId } = after;
  const report = (free: number, fitsMore: boolean) =>
    storeHint(tx, {
      serviceId,
      unitKind: unitKindOf(after.declared),
      free,
      asOf: now,
      causedByHoldId,
      fitsMore,
    });
  const earlier = before && freeUnits(before, now);
  if (before && earlier !== freeUnits(before, before.timesUntil)) await report(earlier ?? 0, false);
  const free = freeUnits(after, now);
  const fitsMore = before !== undefined && largestFree(after, now) > largestFree(before, now);
  if (free === earlier && !fitsMore) return;
  const freed = await report(free, fitsMore);
  if (freed > 0) await signalAvailability(tx, { serviceId, units: freed }, now);
}

/** What an event about this hold says to its referral; undefined where it says nothing. The cause of a refusal is not named. */
function answerOf(
  event: PlacesEvent,
  now: Instant,
  about: string | undefined,
): FromProvider | undefined {
  if (!('holdId' in event) || event.holdId !== about) return undefined;
  const { holdId } = event;
  const code = 'not-possible-here';
  switch (event.type) {
    case 'UnitsHeld':
      return { $case: 'unitHeld', value: { holdId, until: new Date(event.until) } };
    case 'HoldRefused':
      return { $case: 'holdRefused', value: { holdId, code } };
    case 'UnitsConfirmed':
      return { $case: 'unitConfirmed', value: { holdId } };
    case 'UnitsUnavailable':
      return { $case: 'unitUnavailable', value: { holdId, code } };
    case 'ApartOverlapFound':
      return { $case: 'holdNeedsReview', value: { holdId } };
    case 'AppointmentAgreed':
      return { $case: 'appointmentAgreed', value: { holdId, at: new Date(event.at) } };
    case 'AppointmentMissed':
      return { $case: 'didNotStart', value: { holdId, code: event.code } };
    case 'ServiceBegun':
      return { $case: 'serviceStarted', value: { holdId, at: new Date(now) } };
    case 'ServiceEnded':
      return { $case: 'serviceChanged', value: { holdId, code: event.code, ended: true } };
    case 'HoldReleased':
    case 'HoldResized':
    case 'HoldMoved':
    case 'ApartAdded':
    case 'DeliveryAwaited':
    case 'WorkerReplaced':
      return undefined;
  }
}
