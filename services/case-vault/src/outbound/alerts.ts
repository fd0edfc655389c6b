import type { Transaction } from '@opennrm/runtime';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';

/** Keeps the list of what is owed and was not done in step with the files. */
export async function projectAlert(
  tx: Transaction,
  event: CaseFileEvent,
  file: CaseFile,
): Promise<void> {
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
  if (event.type === 'AlertResolved' || event.type === 'DeadlineMet') {
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

/** A page of each role by an index that is in order, and the first of these: one statement for each shape, planned once. */
const pageOf = (whose: string): string =>
  `SELECT a.* FROM unnest($1::text[]) AS wanted (role) CROSS JOIN LATERAL (
     SELECT case_id, code, about, role, raised_at, acknowledged FROM alert
     WHERE role = wanted.role AND ${whose} (raised_at, case_id, code, about) > ($2, $3, $4, $5)
     ORDER BY raised_at, case_id, code, about LIMIT $6) AS a
   ORDER BY raised_at, case_id, code, about LIMIT $6`;
const ofEveryOwner = { name: 'alerts-of-role', text: pageOf('') };
const ofOneOwner = { name: 'alerts-of-role-and-owner', text: pageOf('owner_org = $7 AND') };

/** What waits for these roles, acknowledged or not, until it is resolved: the oldest first. */
export async function alertsFor(
  tx: Transaction,
  { organisation, roles, ofAll }: Reader,
  after: After,
  size: number,
): Promise<AlertRow[]> {
  const values: unknown[] = [roles, after.at, after.caseId, after.code, after.about, size];
  const { rows } = await tx.query<AlertRow>(
    ofAll
      ? { name: ofEveryOwner.name, text: ofEveryOwner.text, values }
      : { name: ofOneOwner.name, text: ofOneOwner.text, values: values.concat(organisation) },
  );
  return rows;
}
