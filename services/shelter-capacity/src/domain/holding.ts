import * as holding from '@opennrm/holding';
import { accept, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { rulesOf } from './allocate.ts';
import { withCapacity } from './capacity.ts';
import type { ProviderEvent } from './events.ts';
import type { HoldId, HoldTerms } from './hold.ts';
import type { Provider } from './provider.ts';

/** The events of a decision, and the numbers of free units after it. */
export const acceptWithCapacity = (
  provider: Provider,
  now: Instant,
  causedBy: HoldId | undefined,
  ...events: readonly ProviderEvent[]
): Decision<ProviderEvent> => accept(...withCapacity(provider, events, now, causedBy));

/** A decision about one hold, with the numbers of free units after it. What has started is a stay here: the person arrived. */
function ofShelter(
  provider: Provider,
  holdId: HoldId,
  now: Instant,
  decision: Decision<ProviderEvent>,
): Decision<ProviderEvent> {
  if (decision.kind === 'accepted')
    return acceptWithCapacity(provider, now, holdId, ...decision.events);
  const isStay = decision.kind === 'ignored' && decision.reason === 'already-started';
  return isStay ? ignore('already-arrived') : decision;
}

/** Keeps units for an offer that will be made. A repeat changes nothing. */
export function requestHold(
  provider: Provider,
  holdId: HoldId,
  terms: HoldTerms,
  until: Instant,
  now: Instant,
): Decision<ProviderEvent> {
  const request = { holdId, terms, until };
  const decision = holding.requestHold(provider.holds, request, rulesOf(provider));
  return ofShelter(provider, holdId, now, decision);
}

/**
 * Confirms the bed: the live hold or, if it has ended or no longer suffices for the need, a new hold and its confirmation in one step.
 */
export function confirmHold(
  provider: Provider,
  holdId: HoldId,
  terms: HoldTerms,
  now: Instant,
): Decision<ProviderEvent> {
  const decision = holding.confirmHold(provider.holds, { holdId, terms }, rulesOf(provider));
  return ofShelter(provider, holdId, now, decision);
}

/** The units are no longer needed. This never ends a stay: only the staff of the place end a stay. */
export const releaseHold = (
  provider: Provider,
  holdId: HoldId,
  code: holding.ReleaseCode,
  now: Instant,
): Decision<ProviderEvent> =>
  ofShelter(provider, holdId, now, holding.releaseHold(provider.holds, holdId, code));

/** A member left the party: the hold becomes smaller. A unit of a stay is never released this way: only staff end a stay. */
export const resizeHold = (
  provider: Provider,
  holdId: HoldId,
  places: number,
  now: Instant,
): Decision<ProviderEvent> =>
  ofShelter(provider, holdId, now, holding.resizeHold(provider.holds, holdId, places));

/** A keep-apart pair was recorded after the hold. Nobody is moved; the overlap is announced for both holds. */
export const addApart = (
  provider: Provider,
  holdId: HoldId,
  apartId: string,
  now: Instant,
): Decision<ProviderEvent> =>
  ofShelter(provider, holdId, now, holding.addApart(provider.holds, holdId, apartId));

/** A service that is not known here gets the same answer as one without a free unit. */
export const refuseUnknown = (holdId: HoldId): Decision<ProviderEvent> =>
  accept<ProviderEvent>({ type: 'HoldRefused', holdId, cause: 'unknown-service' });

/** The confirmation of a bed of a service that is not known here. */
export const refuseUnknownConfirmation = (holdId: HoldId): Decision<ProviderEvent> =>
  accept<ProviderEvent>({ type: 'UnitsUnavailable', holdId, cause: 'unknown-service' });
