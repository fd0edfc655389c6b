import type { Database, Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';

/** A person registered at a protection desk: three answers and a token. */
export interface Arrival {
  readonly tokenId: string;
  readonly ownerOrg: string;
  /** 1 is now, 2 is today, 3 is later. */
  readonly helpNeeded: number;
  readonly age: 'adult' | 'child' | 'unsure';
  readonly accompaniedBy: 'family' | 'others' | 'nobody';
  readonly groupId: string | undefined;
  readonly at: Instant;
  readonly keepUntil: Instant;
}

/**
 * Registers an arrival. A repeated token changes nothing, whatever its answers. @returns whether the token is new, known, or of another
 * organisation.
 */
export async function registerArrival(
  tx: Transaction,
  one: Arrival,
): Promise<'new' | 'known' | 'taken'> {
  const { rowCount } = await tx.query({
    name: 'arrival-register',
    text: `INSERT INTO arrival (token_id, owner_org, help_needed, age, accompanied_by, group_id, at, keep_until)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (token_id) DO NOTHING`,
    values: [
      one.tokenId,
      one.ownerOrg,
      one.helpNeeded,
      one.age,
      one.accompaniedBy,
      one.groupId ?? null,
      one.at,
      one.keepUntil,
    ],
  });
  if (rowCount === 1) return 'new';
  const { rows } = await tx.query<{ owner_org: string }>({
    name: 'arrival-owner',
    text: 'SELECT owner_org FROM arrival WHERE token_id = $1',
    values: [one.tokenId],
  });
  return rows[0]?.owner_org === one.ownerOrg ? 'known' : 'taken';
}

/**
 * Links an arrival to a case and keeps it until `keepUntil`. @returns false for an unknown token, or one that was referred to another
 * case.
 */
export async function referArrival(
  tx: Transaction,
  { tokenId, ownerOrg }: Pick<Arrival, 'tokenId' | 'ownerOrg'>,
  caseReference: string,
  keepUntil: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'arrival-refer',
    text: `UPDATE arrival SET case_reference = $3, keep_until = $4
           WHERE token_id = $1 AND owner_org = $2 AND (case_reference IS NULL OR case_reference = $3)`,
    values: [tokenId, ownerOrg, caseReference, keepUntil],
  });
  return rowCount === 1;
}

export interface WaitingRow {
  token_id: string;
  help_needed: number;
  age: Arrival['age'];
  accompanied_by: Arrival['accompaniedBy'];
  at: number;
  /** 0 for a person who may be an unaccompanied child, and so comes before all others; otherwise 1. */
  rank: number;
  linked: string[];
}

export interface WaitingAfter {
  readonly rank: number;
  readonly helpNeeded: number;
  readonly at: number;
  readonly id: string;
}

/** The waiting people in order, each with the other members of the group. */
export async function waitingArrivals(
  tx: Transaction,
  ownerOrg: string,
  after: WaitingAfter,
  size: number,
) {
  const { rows } = await tx.query<WaitingRow>({
    name: 'arrivals-waiting',
    text: `SELECT token_id, help_needed, age, accompanied_by, at, rank,
             ARRAY(SELECT o.token_id FROM arrival o WHERE o.group_id = a.group_id AND o.token_id <> a.token_id AND o.owner_org = $1
                   ORDER BY o.token_id LIMIT 20) AS linked
           FROM (SELECT *, CASE WHEN age <> 'adult' AND accompanied_by <> 'family' THEN 0 ELSE 1 END AS rank FROM arrival
                 WHERE owner_org = $1 AND case_reference IS NULL) a
           WHERE (rank, help_needed, at, token_id) > ($2::bigint, $3::bigint, $4, $5::uuid)
           ORDER BY rank, help_needed, at, token_id LIMIT $6`,
    values: [ownerOrg, after.rank, after.helpNeeded, after.at, after.id, size],
  });
  return rows;
}

/**
 * Deletes arrivals after their retention. Nothing about them was sent to any service, and nothing remains. @returns how many were
 * deleted.
 */
export async function deleteExpiredArrivals(database: Database, now: Instant): Promise<number> {
  const { rowCount } = await database.query({
    name: 'arrivals-over',
    text: 'DELETE FROM arrival WHERE keep_until <= $1',
    values: [now],
  });
  return rowCount ?? 0;
}
