import type { Instant } from '@opennrm/runtime/decision';
import type { CapacityChanged, ProviderEvent } from './events.ts';
import type { HoldId } from './hold.ts';
import { evolve, freeOf, isOwn, type Provider } from './provider.ts';

/** Adds to a decision the number of free units, for each service where the number changed. */
export function withCapacity(
  before: Provider,
  events: readonly ProviderEvent[],
  now: Instant,
  causedBy?: HoldId,
): readonly ProviderEvent[] {
  const after = events.reduce<Provider>(evolve, before);
  const services = new Map(
    after.sites
      .filter((site) => isOwn(after, site.serviceId))
      .map((site) => [site.serviceId, site.unitKind]),
  );
  const changes = [...services].flatMap(([serviceId, unitKind]): CapacityChanged[] => {
    const free = freeOf(after, serviceId);
    const isNew =
      !isOwn(before, serviceId) || !before.sites.some((site) => site.serviceId === serviceId);
    if (!isNew && free === freeOf(before, serviceId)) return [];
    return [{ type: 'CapacityChanged', serviceId, unitKind, free, causedBy, at: now }];
  });
  return [...events, ...changes];
}
