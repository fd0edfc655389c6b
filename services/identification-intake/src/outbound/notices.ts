import { LATEST_ID, type Transaction } from '@opennrm/runtime';

export interface NoticeRow {
  notice_id: string;
  at: number;
  late: boolean;
  content: Record<string, string>;
}

/** Stores a notice. It has no reference to a person. @returns false when a notice with this id exists. */
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
    values: [
      one.noticeId,
      one.ownerOrg,
      one.at,
      one.ruleVersion,
      JSON.stringify(one.content),
      one.late,
    ],
  });
  return rowCount === 1;
}

const PAGE = '(at, notice_id) < ($1, $2::uuid) ORDER BY at DESC, notice_id DESC LIMIT $3';

/** One statement for each shape of the list: each is planned once and must find its rows by an index. */
const ofAll = {
  name: 'notices-of-all',
  text: `SELECT notice_id, at, late, content FROM notice WHERE ${PAGE}`,
};
const ofOwner = {
  name: 'notices-of-owner',
  text: `SELECT notice_id, at, late, content FROM notice WHERE owner_org = $4 AND ${PAGE}`,
};

/** Ordered by the time of recording, then by id. */
export interface NoticePosition {
  readonly at: number;
  readonly id: string;
}

/** The position before the newest notice. */
export const NOTICES_BEGIN = { at: Number.MAX_SAFE_INTEGER, id: LATEST_ID } as const;

/** Lists all notices for an authority, the newest first, and for any other organisation its own. */
export async function listNotices(
  tx: Transaction,
  organisation: string | undefined,
  from: NoticePosition,
  size: number,
): Promise<NoticeRow[]> {
  const page = [from.at, from.id, size];
  const { rows } = await tx.query<NoticeRow>(
    organisation === undefined
      ? { name: ofAll.name, text: ofAll.text, values: page }
      : { name: ofOwner.name, text: ofOwner.text, values: page.concat(organisation) },
  );
  return rows;
}
