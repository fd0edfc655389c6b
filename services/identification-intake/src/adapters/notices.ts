import type { Transaction } from '@opennrm/runtime';

export interface NoticeRow {
  notice_id: string;
  at: number;
  late: boolean;
  content: Record<string, string>;
}

/** Stands alone: no reference in it or beside it says who it was. @returns false where there is one by that id. */
export async function keepNotice(
  tx: Transaction,
  one: {
    readonly noticeId: string;
    readonly ownerOrg: string;
    readonly at: number;
    readonly ruleVersion: string;
    readonly content: Readonly<Record<string, string>>;
    readonly late: boolean;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'notice-record',
    text: `INSERT INTO notice (notice_id, owner_org, at, rule_version, content, late) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    values: [one.noticeId, one.ownerOrg, one.at, one.ruleVersion, JSON.stringify(one.content), one.late],
  });
  return rowCount === 1;
}

/** All notices for an authority, the oldest first; for anyone else those of its own organisation. */
export async function listNotices(
  tx: Transaction,
  organisation: string | undefined,
  after: { readonly at: number; readonly id: string },
  size: number,
): Promise<NoticeRow[]> {
  const { rows } = await tx.query<NoticeRow>({
    name: 'notices-list',
    text: `SELECT notice_id, at, late, content FROM notice
           WHERE ($1::uuid IS NULL OR owner_org = $1) AND (at, notice_id) > ($2, $3::uuid) ORDER BY at, notice_id LIMIT $4`,
    values: [organisation ?? null, after.at, after.id, size],
  });
  return rows;
}
