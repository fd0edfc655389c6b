import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/** What a shelter says of its free units. */
export interface CapacityWord {
  readonly serviceId: string;
  readonly unitKind: string;
  readonly free: number;
  readonly asOf: Instant;
  readonly causedByHoldId: string | undefined;
}

/** Keeps the last word on free units; @returns by how many they rose (0 when not). */
export async function keepHint(
  tx: Transaction,
  { serviceId, unitKind, free, asOf, causedByHoldId }: CapacityWord,
): Promise<number> {
  const { rows } = await tx.query<{ free: number }>({
    name: 'hint-lock',
    text: 'SELECT free FROM capacity_hint WHERE service_id = $1 FOR UPDATE',
    values: [serviceId],
  });
  const rise = free - (rows[0]?.free ?? 0);
  await tx.query({
    name: 'hint-keep',
    text: `INSERT INTO capacity_hint (service_id, unit_kind, free, as_of, rose_at, rose_by) VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN $4::bigint END, CASE WHEN $5 THEN $6::uuid END)
           ON CONFLICT (service_id) DO UPDATE SET unit_kind = $2, free = $3, as_of = $4,
             rose_at = CASE WHEN $5 THEN $4::bigint ELSE capacity_hint.rose_at END, rose_by = CASE WHEN $5 THEN $6::uuid ELSE capacity_hint.rose_by END`,
    values: [serviceId, unitKind, free, asOf, rise > 0, causedByHoldId ?? null],
  });
  return Math.max(0, rise);
}

/** Referrals that nobody is left to ask for, the most urgent and longest waiting first. */
export async function longestWaiting(tx: Transaction, atMost: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'referrals-waiting',
    text: `SELECT id FROM referral WHERE stage = 'unplaced' ORDER BY urgency, requested_at, id LIMIT $1`,
    values: [atMost],
  });
  return rows.map((row) => row.id);
}
