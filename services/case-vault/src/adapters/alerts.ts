import type { Transaction } from '@opennrm/runtime';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';

/** Keeps the list of what is owed and was not done in step with the files. */
export async function projectAlert(tx: Transaction, event: CaseFileEvent, file: CaseFile): Promise<void> {
  if (event.type === 'AlertRaised') {
    const { code, about, role, at } = event.alert;
    await tx.query({
      name: 'alert-raise',
      text: `INSERT INTO alert (case_id, code, about, owner_org, role, raised_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (case_id, code, about) DO UPDATE SET role = excluded.role, raised_at = excluded.raised_at, acknowledged = false`,
      values: [file.caseId, code, about, file.ownerOrg, role, at],
    });
  }
  if (event.type === 'AlertAcknowledged') {
    await tx.query({
      name: 'alert-acknowledge',
      text: 'UPDATE alert SET acknowledged = true WHERE case_id = $1 AND code = $2 AND about = $3',
      values: [file.caseId, event.code, event.about],
    });
  }
  if (event.type === 'AlertResolved' || event.type === 'PledgeKept') {
    await tx.query({
      name: 'alert-resolve',
      text: 'DELETE FROM alert WHERE case_id = $1 AND code = $2 AND about = $3',
      values: [file.caseId, event.code, event.about],
    });
  }
}

export interface AlertRow {
  case_id: string;
  code: string;
  about: string;
  role: string;
  raised_at: number;
  acknowledged: boolean;
}

export interface Reader {
  readonly organisation: string;
  readonly roles: readonly string[];
  /** Those whose desk it is for every organisation's files: the country's data protection officer and coordinators. */
  readonly ofAll: boolean;
}

/** The last one of a page. */
export interface After {
  readonly at: number;
  readonly caseId: string;
  readonly code: string;
  readonly about: string;
}

/** What waits for these roles, acknowledged or not, until it is resolved: the oldest first. */
export async function alertsFor(
  tx: Transaction,
  { organisation, roles, ofAll }: Reader,
  after: After,
  size: number,
): Promise<AlertRow[]> {
  const { rows } = await tx.query<AlertRow>({
    name: 'alerts-of-role',
    text: `SELECT case_id, code, about, role, raised_at, acknowledged FROM alert
           WHERE role = ANY ($1) AND ($2 OR owner_org = $3) AND (raised_at, case_id, code, about) > ($4, $5, $6, $7)
           ORDER BY raised_at, case_id, code, about LIMIT $8`,
    values: [roles, ofAll, organisation, after.at, after.caseId, after.code, after.about, size],
  });
  return rows;
}
