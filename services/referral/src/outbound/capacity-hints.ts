import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/** The report of a shelter about its free units. */
export interface CapacityReport {
  readonly serviceId: string;
  readonly unitKind: string;
  readonly free: number;
  readonly asOf: Instant;
  readonly causedByHoldId: string | undefined;
  /** A larger party could be placed than before, also where the number did not rise. */
  readonly fitsMore?: boolean;
}

/** Stores the last report of free units. @returns by how many they rose, and at least 1 where a larger party fits; 0 where nothing rose. */
export async function storeHint(
  tx: Transaction,
  { serviceId, unitKind, free, asOf, causedByHoldId, fitsMore = false }: CapacityReport,
): Promise<number> {
  const { rows } = await tx.query<{ increase: number }>({
    name: 'hint-store',
    text: `WITH before AS (SELECT free FROM capacity_hint WHERE service_id = $1 FOR UPDATE),
             rise AS (SELECT $3::int - coalesce((SELECT free FROM before), 0) AS by),
             increase AS (SELECT CASE WHEN $6::boolean THEN greatest(by, 1) ELSE by END AS by FROM rise)
           INSERT INTO capacity_hint AS h (service_id, unit_kind, free, as_of, increased_at, increased_by_hold)
           SELECT $1, $2, $3, $4, CASE WHEN by > 0 THEN $4::bigint END, CASE WHEN by > 0 THEN $5::uuid END FROM increase
           ON CONFLICT (service_id) DO UPDATE SET unit_kind = $2, free = $3, as_of = $4,
             increased_at = coalesce(excluded.increased_at, h.increased_at), increased_by_hold = CASE WHEN excluded.increased_at IS NULL THEN h.increased_by_hold ELSE excluded.increased_by_hold END
           RETURNING (SELECT by FROM increase) AS increase`,
    values: [serviceId, unitKind, free, asOf, causedByHoldId ?? null, fitsMore],
  });
  return Math.max(0, rows[0]?.increase ?? 0);
}

/** How many units a service has free; undefined where it has not reported. */
export async function freeUnits(tx: Transaction, serviceId: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ free: number }>({
    name: 'hint-free',
    text: 'SELECT free FROM capacity_hint WHERE service_id = $1',
    values: [serviceId],
  });
  return rows[0]?.free;
}
