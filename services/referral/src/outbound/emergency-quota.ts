import type { Transaction } from '@opennrm/runtime';
import type { LiveEmergencies } from '../domain/emergency-quota.ts';

/** Counts the people in live emergencies with an unregistered reference, while nobody else can add one of this requester or organisation. */
export async function lockAndCountEmergencies(
  tx: Transaction,
  requestedBy: string,
  organisation: string,
): Promise<LiveEmergencies> {
  // Both are sent at once; the database counts after it has the locks.
  const [, live] = await Promise.all([
    lockQuota(tx, requestedBy, organisation),
    countEmergencies(tx, requestedBy, organisation),
  ]);
  return live;
}

/**
 * Locks the requester and their organisation until the transaction ends, after cases and before the module `directory`, in the order of ids.
 * Without the lock, concurrent requests would not count each other.
 */
async function lockQuota(
  tx: Transaction,
  requestedBy: string,
  organisation: string,
): Promise<void> {
  await tx.query({
    name: 'quota-lock',
    text: `INSERT INTO quota_lock (id) SELECT DISTINCT id FROM unnest($1::uuid[]) AS id ORDER BY id
           ON CONFLICT (id) DO UPDATE SET id = excluded.id`,
    values: [[requestedBy, organisation]],
  });
}

async function countEmergencies(
  tx: Transaction,
  requestedBy: string,
  organisation: string,
): Promise<LiveEmergencies> {
  const { rows } = await tx.query<{ by_person: number; by_organisation: number }>({
    name: 'quota-count',
    text: `SELECT (SELECT coalesce(sum(party_size), 0)::int FROM referral WHERE counts_towards_quota AND requested_by = $1) AS by_person,
                  (SELECT coalesce(sum(party_size), 0)::int FROM referral WHERE counts_towards_quota AND owner_org = $2) AS by_organisation`,
    values: [requestedBy, organisation],
  });
  return { byPerson: rows[0]?.by_person ?? 0, byOrganisation: rows[0]?.by_organisation ?? 0 };
}
