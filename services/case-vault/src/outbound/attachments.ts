import { createHash } from 'node:crypto';
import type { Transaction } from '@opennrm/runtime';
import type { SealedStore } from './sealing/sealed-store.ts';

/** A file that is attached to a section. */
export interface Attachment {
  readonly attachmentId: string;
  readonly caseId: string;
  readonly section: string;
  /** What opens it. */
  readonly kind: string;
  readonly pieces: number;
  readonly sha256: string;
  readonly writtenBy: string;
  readonly at: number;
}

interface Row {
  case_id: string;
  section: string;
  kind: string;
  pieces: number;
  sha256: string;
  complete: boolean;
  written_by: string;
}

const columns = 'case_id, section, kind, pieces, sha256, complete, written_by';
/** Of one case, those on their way counted too. */
const ATTACHMENTS_AT_MOST = 100;

/** Begins a file and locks its row, or finds that it was begun. `other`: the id is another file's; `full`: the case has as many as it may. */
export async function beginAttachment(
  tx: Transaction,
  one: Attachment,
): Promise<'begun' | 'kept' | 'other' | 'full'> {
  await tx.query({
    name: 'attachment-begin',
    text: `INSERT INTO attachment (attachment_id, case_id, section, kind, pieces, sha256, written_by, at)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8
           WHERE (SELECT count(*) FROM attachment WHERE case_id = $2::uuid) < ${ATTACHMENTS_AT_MOST} ON CONFLICT DO NOTHING`,
    values: [
      one.attachmentId,
      one.caseId,
      one.section,
      one.kind,
      one.pieces,
      one.sha256,
      one.writtenBy,
      one.at,
    ],
  });
  const { rows } = await tx.query<Row>({
    name: 'attachment-lock',
    text: `SELECT ${columns} FROM attachment WHERE attachment_id = $1 FOR UPDATE`,
    values: [one.attachmentId],
  });
  const [row] = rows;
  if (!row) return 'full';
  const same =
    row.case_id === one.caseId &&
    row.section === one.section &&
    row.kind === one.kind &&
    row.pieces === one.pieces &&
    row.sha256 === one.sha256 &&
    row.written_by === one.writtenBy;
  if (!same) return 'other';
  return row.complete ? 'kept' : 'begun';
}

/** A file that is whole; one that is still on its way does not exist yet. */
export async function findAttachment(
  tx: Transaction,
  attachmentId: string,
): Promise<{ caseId: string; section: string; pieces: number } | undefined> {
  const { rows } = await tx.query<Row>({
    name: 'attachment-find',
    text: `SELECT ${columns} FROM attachment WHERE attachment_id = $1 AND complete`,
    values: [attachmentId],
  });
  return rows[0] && { caseId: rows[0].case_id, section: rows[0].section, pieces: rows[0].pieces };
}

/** `partial`: pieces are missing. `different`: all are there, and the whole is not what was announced. */
export async function verifyUpload(
  tx: Transaction,
  sealedStore: SealedStore,
  one: Attachment,
): Promise<'whole' | 'partial' | 'different'> {
  const { rows } = await tx.query<{ count: number }>({
    name: 'pieces-count',
    text: 'SELECT count(*)::int AS count FROM sealed_piece WHERE attachment_id = $1',
    values: [one.attachmentId],
  });
  if (rows[0]?.count !== one.pieces) return 'partial';
  const hash = createHash('sha256');
  for (let piece = 0; piece < one.pieces; piece++)
    hash.update((await sealedStore.readPiece(tx, one, piece)) ?? Buffer.of());
  if (hash.digest('hex') !== one.sha256) {
    // Nothing of it can be right: it begins anew.
    await tx.query({
      name: 'attachment-drop',
      text: 'DELETE FROM attachment WHERE attachment_id = $1',
      values: [one.attachmentId],
    });
    return 'different';
  }
  await tx.query({
    name: 'attachment-keep',
    text: 'UPDATE attachment SET complete = true WHERE attachment_id = $1',
    values: [one.attachmentId],
  });
  return 'whole';
}

export interface AttachmentRow {
  attachment_id: string;
  kind: string;
  pieces: number;
  sha256: string;
  written_by: string;
  at: number;
}

/** The whole files of a section, newest first. */
export async function attachmentsOf(
  tx: Transaction,
  { caseId, section }: { readonly caseId: string; readonly section: string },
  before: { readonly at: number; readonly id: string },
  size: number,
): Promise<AttachmentRow[]> {
  const { rows } = await tx.query<AttachmentRow>({
    name: 'attachments-of-section',
    text: `SELECT attachment_id, kind, pieces, sha256, written_by, at FROM attachment
           WHERE case_id = $1 AND section = $2 AND complete AND (at, attachment_id) < ($3, $4) ORDER BY at DESC, attachment_id DESC LIMIT $5`,
    values: [caseId, section, before.at, before.id, size],
  });
  return rows;
}

/** How many whole files a section has. */
export async function countAttachments(
  tx: Transaction,
  caseId: string,
  section: string,
): Promise<number> {
  const { rows } = await tx.query<{ count: number }>({
    name: 'attachments-count',
    text: 'SELECT count(*)::int AS count FROM attachment WHERE case_id = $1 AND section = $2 AND complete',
    values: [caseId, section],
  });
  return rows[0]?.count ?? 0;
}

const UNFINISHED_MS = 86_400_000;

/** What was begun a day ago and never finished is forgotten. @returns how many. */
export async function deleteUnfinishedAttachments(
  tx: Pick<Transaction, 'query'>,
  now: number,
): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'attachments-delete-unfinished',
    text: 'DELETE FROM attachment WHERE NOT complete AND at < $1',
    values: [now - UNFINISHED_MS],
  });
  return rowCount ?? 0;
}
