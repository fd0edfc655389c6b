import { accept, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import type { ProviderEvent } from './events.ts';
import type { HoldId, Stay } from './hold.ts';
import { acceptWithCapacity } from './holding.ts';
import { freeUnits, holdOf, type Provider, siteOf } from './provider.ts';
import type { UnitId } from './site.ts';

export type StayRefusal =
  | 'not-found'
  | 'not-confirmed'
  | 'already-arrived'
  | 'no-stay'
  | 'not-absent'
  | 'kept-until-in-the-past'
  | 'unit-not-free'
  | 'wrong-number-of-units';

/** The person arrived: the stay begins, and the address can no longer be read. */
export function recordArrival(
  provider: Provider,
  holdId: HoldId,
  now: Instant,
): Decision<ProviderEvent, StayRefusal> {
  const hold = holdOf(provider, holdId);
  if (!hold) return refuse('not-found', 'hold_id');
  if (hold.status === 'stay') return ignore('already-arrived');
  if (hold.status === 'held') return refuse('not-confirmed', 'hold_id');
  return accept<ProviderEvent>({ type: 'Arrived', holdId, at: now });
}

/** The place stays confirmed: a coordinator decides what follows. */
export function recordDidNotArrive(
  provider: Provider,
  holdId: HoldId,
): Decision<ProviderEvent, StayRefusal> {
  const hold = holdOf(provider, holdId);
  if (!hold) return refuse('not-found', 'hold_id');
  if (hold.status === 'stay') return refuse('already-arrived', 'hold_id');
  if (hold.status === 'held') return refuse('not-confirmed', 'hold_id');
  return accept<ProviderEvent>({ type: 'DidNotArrive', holdId });
}

function onStay(
  provider: Provider,
  holdId: HoldId,
  decide: (stay: Stay) => Decision<ProviderEvent, StayRefusal>,
): Decision<ProviderEvent, StayRefusal> {
  const hold = holdOf(provider, holdId);
  if (!hold) return refuse('not-found', 'hold_id');
  return hold.status === 'stay' ? decide(hold) : refuse('no-stay', 'hold_id');
}

/** The stay continues in other units of the same site. */
export const moveWithin = (provider: Provider, holdId: HoldId, unitIds: readonly UnitId[]) =>
  onStay(provider, holdId, (stay) => {
    if (unitIds.length !== stay.unitIds.length || new Set(unitIds).size !== unitIds.length)
      return refuse('wrong-number-of-units', 'unit_ids');
    const site = siteOf(provider, stay.siteId);
    const open = [...stay.unitIds, ...(site ? freeUnits(provider, site) : [])];
    if (!unitIds.every((one) => open.includes(one))) return refuse('unit-not-free', 'unit_ids');
    return accept<ProviderEvent>({ type: 'StayMoved', holdId, unitIds });
  });

/** The person is away, and the bed is kept until a time. */
export const recordAbsent = (
  provider: Provider,
  holdId: HoldId,
  keptUntil: Instant,
  now: Instant,
) =>
  onStay(provider, holdId, () => {
    if (keptUntil <= now) return refuse('kept-until-in-the-past', 'kept_until');
    return accept<ProviderEvent>({ type: 'StayAbsent', holdId, keptUntil });
  });

/**
 * The person is away and is not expected. The bed is kept until staff end the stay. Of several people in one hold each may go missing, so another report
 * is announced again.
 */
export const recordMissing = (provider: Provider, holdId: HoldId) =>
  onStay(provider, holdId, ({ presence, terms }) =>
    presence.kind === 'missing' && terms.places === 1
      ? ignore('already-missing')
      : accept<ProviderEvent>({ type: 'StayMissing', holdId }),
  );

export const recordReturned = (provider: Provider, holdId: HoldId) =>
  onStay(provider, holdId, ({ presence }) =>
    presence.kind === 'present'
      ? refuse('not-absent', 'hold_id')
      : accept<ProviderEvent>({ type: 'StayReturned', holdId }),
  );

/** The stay is over, with a code. Its units are free. */
export const endStay = (provider: Provider, holdId: HoldId, code: string, now: Instant) =>
  onStay(provider, holdId, () =>
    acceptWithCapacity(provider, now, holdId, { type: 'StayEnded', holdId, code }),
  );
