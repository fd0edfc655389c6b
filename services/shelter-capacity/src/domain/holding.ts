import { accept, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { withCapacity } from './capacity.ts';
import type { ProviderEvent, RefusalCause } from './events.ts';
import type { HoldId, HoldTerms } from './hold.ts';
import { holdOf, isOwn, type Provider } from './provider.ts';
import { type Allocation, isSufficient, smallestSufficient } from './sufficient.ts';

/** The events of a decision, and the numbers of free units after it. */
export const acceptWithCapacity = (
  provider: Provider,
  now: Instant,
  causedBy: HoldId | undefined,
  ...events: readonly ProviderEvent[]
): Decision<ProviderEvent> => accept(...withCapacity(provider, events, now, causedBy));

/** Keeps units for an offer that will be made. A repeat changes nothing. */
export function requestHold(
  provider: Provider,
  holdId: HoldId,
  terms: HoldTerms,
  until: Instant,
  now: Instant,
): Decision<ProviderEvent> {
  if (holdOf(provider, holdId)) return ignore('already-held');
  const allocation = allocate(provider, terms);
  if ('cause' in allocation)
    return acceptWithCapacity(provider, now, holdId, {
      type: 'HoldRefused',
      holdId,
      cause: allocation.cause,
    });
  const { site, unitIds } = allocation;
  return acceptWithCapacity(provider, now, holdId, {
    type: 'UnitsHeld',
    holdId,
    siteId: site.siteId,
    unitIds,
    terms,
    until,
  });
}

/**
 * Whether units can be given for a hold that does not exist yet. Every refusal takes the same path and the same time; only this service
 * knows the rule.
 */
function allocate(
  provider: Provider,
  terms: HoldTerms,
): Allocation | { readonly cause: RefusalCause } {
  const allocation = smallestSufficient(provider, terms);
  const apart = sharesApartId(provider, terms.apartIds);
  if (!isOwn(provider, terms.serviceId)) return { cause: 'unknown-service' };
  if (provider.suspended.includes(terms.serviceId)) return { cause: 'suspended' };
  if (apart) return { cause: 'keep-apart' };
  return allocation ?? { cause: 'no-free-unit' };
}

/** This provider has a hold or stay of a person who must be kept apart from this one. */
const sharesApartId = (provider: Provider, apartIds: readonly string[]): boolean =>
  provider.holds.some((hold) => hold.terms.apartIds.some((one) => apartIds.includes(one)));

/**
 * Confirms the bed: the live hold or, if it has ended or no longer suffices for the need, a new hold and its confirmation in one step.
 */
export function confirmHold(
  provider: Provider,
  holdId: HoldId,
  terms: HoldTerms,
  now: Instant,
): Decision<ProviderEvent> {
  const live = holdOf(provider, holdId);
  if (live?.status === 'confirmed' || live?.status === 'stay') return ignore('already-confirmed');
  if (live && isSufficient(provider, live, terms)) {
    const { siteId, unitIds } = live;
    const { places, apartIds } = live.terms;
    return acceptWithCapacity(provider, now, holdId, {
      type: 'UnitsConfirmed',
      holdId,
      siteId,
      unitIds,
      terms: { ...terms, places, apartIds },
    });
  }
  const others = provider.holds.filter((hold) => hold !== live);
  const allocation = allocate({ ...provider, holds: others }, terms);
  if ('cause' in allocation)
    return acceptWithCapacity(provider, now, holdId, {
      type: 'UnitsUnavailable',
      holdId,
      cause: allocation.cause,
    });
  const { site, unitIds } = allocation;
  return acceptWithCapacity(provider, now, holdId, {
    type: 'UnitsConfirmed',
    holdId,
    siteId: site.siteId,
    unitIds,
    terms,
  });
}

/** The units are no longer needed. This never ends a stay: only the staff of the place end a stay. */
export function releaseHold(
  provider: Provider,
  holdId: HoldId,
  code: string,
  now: Instant,
): Decision<ProviderEvent> {
  const hold = holdOf(provider, holdId);
  if (!hold) return ignore('no-such-hold');
  if (hold.status === 'stay') return ignore('already-arrived');
  return acceptWithCapacity(provider, now, holdId, { type: 'HoldReleased', holdId, code });
}

/** A member left the party: the hold becomes smaller. A unit of a stay is never released this way: only staff end a stay. */
export function resizeHold(
  provider: Provider,
  holdId: HoldId,
  places: number,
  now: Instant,
): Decision<ProviderEvent> {
  const hold = holdOf(provider, holdId);
  if (!hold) return ignore('no-such-hold');
  if (hold.status === 'stay') return ignore('already-arrived');
  if (places < 1 || places >= hold.unitIds.length) return ignore('not-smaller');
  return acceptWithCapacity(provider, now, holdId, {
    type: 'HoldResized',
    holdId,
    unitIds: hold.unitIds.slice(0, places),
  });
}

/** A keep-apart pair was recorded after the hold. Nobody is moved; the overlap is announced for both holds. */
export function addApart(
  provider: Provider,
  holdId: HoldId,
  apartId: string,
  now: Instant,
): Decision<ProviderEvent> {
  const hold = holdOf(provider, holdId);
  if (!hold) return ignore('no-such-hold');
  if (hold.terms.apartIds.includes(apartId)) return ignore('already-kept-apart');
  const others = provider.holds.filter((one) => one.terms.apartIds.includes(apartId));
  const overlaps = others.length > 0 ? [hold, ...others] : [];
  return acceptWithCapacity(
    provider,
    now,
    holdId,
    { type: 'ApartAdded', holdId, apartId },
    ...overlaps.map((one): ProviderEvent => ({ type: 'ApartOverlapFound', holdId: one.holdId })),
  );
}

/** A service that is not known here gets the same answer as one without a free unit. */
export const refuseUnknown = (holdId: HoldId): Decision<ProviderEvent> =>
  accept<ProviderEvent>({ type: 'HoldRefused', holdId, cause: 'unknown-service' });

/** The confirmation of a bed of a service that is not known here. */
export const refuseUnknownConfirmation = (holdId: HoldId): Decision<ProviderEvent> =>
  accept<ProviderEvent>({ type: 'UnitsUnavailable', holdId, cause: 'unknown-service' });
