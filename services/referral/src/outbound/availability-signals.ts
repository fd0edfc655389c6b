import { randomUUID } from 'node:crypto';
import { setTimer } from '@opennrm/messaging';
import { FIRST_ID, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { Referral } from '../domain/referral.ts';
import { urgencyOrder } from './urgency-order.ts';

/** The table of signals, and the aggregate of their timers. */
export const AVAILABILITY_SIGNAL = 'availability_signal';
const KIND = 'service-available';

/** A service may have become suitable. The position is that of the last referral that was checked. */
export interface AvailabilitySignal {
  readonly id: string;
  readonly service_id: string;
  readonly generation: number;
  readonly units: number;
  readonly after_asked_count: number;
  readonly after_urgency: number;
  readonly after_requested_at: number;
  readonly after_id: string;
}

interface NewSignal {
  readonly serviceId: string;
  /** The most referrals that are woken. */
  readonly units: number;
  /** Only referrals behind this position are checked; without it, all. */
  readonly after?: SignalPosition;
}

/** The position of a referral among those that search. */
export interface SignalPosition {
  readonly askedCount: number;
  readonly referral: Pick<Referral, 'urgency' | 'requestedAt' | 'referralId'>;
}

/**
 * Stores that referrals may find a place at a service. A timer that is due at once wakes them after this transaction. Nothing is stored
 * for a service that the directory does not know yet: its accreditation signals later.
 */
export async function signalAvailability(
  tx: Transaction,
  { serviceId, units, after }: NewSignal,
  now: Instant,
): Promise<void> {
  const id = randomUUID();
  const position = after
    ? [
        after.askedCount,
        urgencyOrder[after.referral.urgency],
        after.referral.requestedAt,
        after.referral.referralId,
      ]
    : [-1, -1, 0, FIRST_ID];
  const { rowCount } = await tx.query({
    name: 'availability-signal-add',
    text: `INSERT INTO availability_signal (id, service_id, generation, units, after_asked_count, after_urgency, after_requested_at, after_id)
           SELECT $1, id, 1, $3, $4, $5, $6, $7 FROM service WHERE id = $2`,
    values: [id, serviceId, units].concat(position),
  });
  if (rowCount === 0) return;
  await setTimer(tx, { aggregate: AVAILABILITY_SIGNAL, id, generation: 1, kind: KIND, due: now });
}

export async function findSignal(
  tx: Transaction,
  id: string,
): Promise<AvailabilitySignal | undefined> {
  const { rows } = await tx.query<AvailabilitySignal>({
    name: 'availability-signal-find',
    text: 'SELECT * FROM availability_signal WHERE id = $1',
    values: [id],
  });
  return rows[0];
}

/** A referral that searches, and its position in the order. */
export interface WaitingReferral {
  readonly id: string;
  readonly asked_count: number;
  readonly urgency: number;
  readonly requested_at: number;
  readonly state: Referral;
}

/** A referral of this urgency with this many asked services may ask one more. */
export interface AskableLevel {
  readonly askedCount: number;
  readonly urgency: Referral['urgency'];
}

/**
 * Referrals that may ask one more service and come after the position of the signal, and that the service could suit by need, group,
 * region and size. Those that ask no service come first, then the more urgent, then those that have waited longest. None of them is
 * locked. The statement never leaves out a referral that `eligibility` accepts; the other rules are checked before the referral is
 * woken.
 */
export async function findWaitingReferrals(
  tx: Transaction,
  signal: AvailabilitySignal,
  askableLevels: readonly AskableLevel[],
  atMost: number,
): Promise<WaitingReferral[]> {
  const { rows } = await tx.query<WaitingReferral>({
    name: 'availability-signal-next',
    // Materialized: compared with the cost of the referrals, the planner sees no difference between reading one service and all of them.
    text: `WITH wanted AS MATERIALIZED (
             SELECT s.need, s.state, h.free FROM service s LEFT JOIN capacity_hint h ON h.service_id = s.id WHERE s.id = $1)
           SELECT r.id, r.asked_count, r.urgency, r.requested_at, r.state
           FROM wanted s CROSS JOIN LATERAL jsonb_array_elements_text(s.state->'criteria'->'groups') AS accepted (group_code)
           CROSS JOIN unnest($2::smallint[], $3::smallint[]) AS may_ask (asked_count, urgency)
           CROSS JOIN LATERAL (
             SELECT id, asked_count, urgency, requested_at, state FROM referral
             WHERE need = s.need AND group_code = accepted.group_code
               AND asked_count = may_ask.asked_count AND urgency = may_ask.urgency
               AND (asked_count, urgency, requested_at, id) > ($4, $5, $6, $7)
               AND party_size BETWEEN (s.state->'criteria'->>'smallestParty')::int AND (s.state->'criteria'->>'largestParty')::int
               AND (s.free IS NULL OR party_size <= s.free)
               AND NOT s.state->>'region' = ANY (excluded_regions)
             ORDER BY asked_count, urgency, requested_at, id LIMIT $8) AS r
           ORDER BY r.asked_count, r.urgency, r.requested_at, r.id LIMIT $8`,
    values: [
      signal.service_id,
      askableLevels.map(({ askedCount }) => askedCount),
      askableLevels.map(({ urgency }) => urgencyOrder[urgency]),
      signal.after_asked_count,
      signal.after_urgency,
      signal.after_requested_at,
      signal.after_id,
      atMost,
    ],
  });
  return rows;
}

/** The signal continues after this referral, in a transaction of its own. */
export async function continueAfter(
  tx: Transaction,
  signal: AvailabilitySignal,
  seen: Omit<WaitingReferral, 'state'>,
  units: number,
  now: Instant,
): Promise<void> {
  const generation = signal.generation + 1;
  await tx.query({
    name: 'availability-signal-continue',
    text: `UPDATE availability_signal SET generation = $2, units = $3, after_asked_count = $4, after_urgency = $5, after_requested_at = $6, after_id = $7
           WHERE id = $1`,
    values: [
      signal.id,
      generation,
      units,
      seen.asked_count,
      seen.urgency,
      seen.requested_at,
      seen.id,
    ],
  });
  await setTimer(tx, {
    aggregate: AVAILABILITY_SIGNAL,
    id: signal.id,
    generation,
    kind: KIND,
    due: now,
  });
}

/** Every suitable referral was checked, or as many were woken as there are units. */
export async function endSignal(tx: Transaction, { id }: AvailabilitySignal): Promise<void> {
  await tx.query({
    name: 'availability-signal-end',
    text: 'DELETE FROM availability_signal WHERE id = $1',
    values: [id],
  });
}
