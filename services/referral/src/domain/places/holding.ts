import * as holding from '@opennrm/holding';
import { type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import { rulesOf } from './allocate.ts';
import type { PlacesEvent } from './events.ts';
import type { HoldId, PlacesTerms } from './hold.ts';
import type { Places } from './places.ts';

/** The last moment of a date. A hold has no expiry here: the referral runs its deadlines, and releases it in the same transaction. */
const NEVER = instant(8_640_000_000_000_000);

/** Keeps units for an offer that will be made. A repeat changes nothing. */
export const requestHold = (
  places: Places,
  holdId: HoldId,
  terms: PlacesTerms,
  now: Instant,
): Decision<PlacesEvent> =>
  holding.requestHold(places.holds, { holdId, terms, until: NEVER }, rulesOf(places, now));

/** Confirms the live hold or, if it has ended or no longer suffices for the need, a new hold in one step. */
export const confirmHold = (
  places: Places,
  holdId: HoldId,
  terms: PlacesTerms,
  now: Instant,
): Decision<PlacesEvent> =>
  holding.confirmHold(places.holds, { holdId, terms }, rulesOf(places, now));

/** The units are no longer needed. This never ends a service that has begun: only the staff of the service end it. */
export const releaseHold = (
  places: Places,
  holdId: HoldId,
  code: holding.ReleaseCode,
): Decision<PlacesEvent> => holding.releaseHold(places.holds, holdId, code);

/** A member left the party: the hold becomes smaller. */
export const resizeHold = (places: Places, holdId: HoldId, people: number): Decision<PlacesEvent> =>
  holding.resizeHold(places.holds, holdId, people);
