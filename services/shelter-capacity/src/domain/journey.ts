import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { ProviderEvent } from './events.ts';
import type { Escort, HoldId } from './hold.ts';
import { holdOf, isOwn, type Provider } from './provider.ts';

/** Names the escort who brings the person. An escort named before may no longer read the address. */
export function nameEscort(
  provider: Provider,
  holdId: HoldId,
  escort: Escort,
): Decision<ProviderEvent> {
  const hold = holdOf(provider, holdId);
  if (hold?.status !== 'confirmed') return ignore('not-confirmed');
  return accept<ProviderEvent>({ type: 'EscortNamed', holdId, ...escort });
}

export function endEscort(provider: Provider, holdId: HoldId): Decision<ProviderEvent> {
  const hold = holdOf(provider, holdId);
  if (hold?.status !== 'confirmed' || !hold.escort) return ignore('no-escort');
  return accept<ProviderEvent>({ type: 'EscortEnded', holdId });
}

export interface AddressReader {
  readonly person: string;
  readonly organisation: string;
}

/**
 * Only the named escort may read the address, until the arrival or the end of the arranged time, and only of a provider's own service.
 * Anyone else is answered `not-found`.
 */
export function readAddress(
  provider: Provider,
  holdId: HoldId,
  reader: AddressReader,
  now: Instant,
): Decision<ProviderEvent, 'not-found'> {
  const hold = holdOf(provider, holdId);
  const isOwnPlace = hold !== undefined && isOwn(provider, hold.terms.serviceId);
  const escort = isOwnPlace && hold.status === 'confirmed' ? hold.escort : undefined;
  if (escort?.escortId !== reader.person || now >= escort.addressUntil)
    return refuse('not-found', 'hold_id');
  return accept<ProviderEvent>({ type: 'AddressRead', holdId, ...reader, at: now });
}
