import { accept, type Decision, type Instant } from '@opennrm/runtime/decision';
import { type HoldReleased, ignored, type ReleaseCode } from './events.ts';
import { type Hold, type HoldId, hasStarted, holdOf, isHeld, type Terms } from './hold.ts';

/** The units are no longer needed. This never ends a service that has started: only the provider's own staff end it. */
export function releaseHold(
  holds: readonly Hold[],
  holdId: HoldId,
  code: ReleaseCode,
): Decision<HoldReleased> {
  const hold = holdOf(holds, holdId);
  if (!hold) return ignored('no-such-hold');
  if (hasStarted(hold)) return ignored('already-started');
  return accept<HoldReleased>({ type: 'HoldReleased', holdId, code });
}

/** A suspended service: its holds are released; what is confirmed or has started remains. */
export const releaseHeld = <T extends Terms>(
  holds: readonly Hold<T>[],
  isOfService: (terms: T) => boolean,
): readonly HoldReleased[] =>
  holds
    .filter((hold) => hold.status === 'held' && isOfService(hold.terms))
    .map(({ holdId }) => ({ type: 'HoldReleased', holdId, code: 'service-suspended' }));

/** The end of a hold by itself: when, and the event. */
export interface Expiry {
  readonly due: Instant;
  readonly event: HoldReleased;
}

/** The provider's own expiry of a hold. A confirmed hold has none. */
export const expiryOf = (hold: Hold): Expiry | undefined =>
  isHeld(hold)
    ? { due: hold.until, event: { type: 'HoldReleased', holdId: hold.holdId, code: 'expired' } }
    : undefined;

const expiries = (holds: readonly Hold[]): readonly Expiry[] =>
  holds.flatMap((hold) => expiryOf(hold) ?? []).toSorted((a, b) => a.due - b.due);

/** The earliest expiry of these holds. */
export const nextExpiry = (holds: readonly Hold[]): Instant | undefined => expiries(holds)[0]?.due;

/** Time passed: every hold that is due ends, the earliest first. */
export function expireHolds(holds: readonly Hold[], now: Instant): Decision<HoldReleased> {
  const due = expiries(holds).filter((expiry) => expiry.due <= now);
  return due.length === 0 ? ignored('nothing-due') : accept(...due.map(({ event }) => event));
}
