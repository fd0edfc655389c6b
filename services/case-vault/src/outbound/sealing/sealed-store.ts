import { randomBytes } from 'node:crypto';
import { Personal, seal, type Transaction, unseal } from '@opennrm/runtime';
import type { KeyRing } from './key-ring.ts';

/** Where words are kept: sealed one by one, each under the data key of its case and section. */
export interface SealedStore {
  writeSection(tx: Transaction, content: SectionContent): Promise<void>;
  readSection(tx: Transaction, sectionKey: SectionKey): Promise<Personal<string> | undefined>;
  writeNote(tx: Transaction, note: NoteContent): Promise<'written' | 'already-exists'>;
  readNote(
    tx: Transaction,
    note: { noteId: string; caseId: string },
  ): Promise<Personal<string> | undefined>;
  /** A piece of an attached file; sent again, it changes nothing. */
  writePiece(
    tx: Transaction,
    pieceKey: PieceKey & { readonly ownerOrg: string },
    content: Buffer,
  ): Promise<void>;
  readPiece(
    tx: Transaction,
    of: Omit<PieceKey, 'piece'>,
    piece: number,
  ): Promise<Buffer | undefined>;
}

interface PieceKey {
  readonly attachmentId: string;
  readonly caseId: string;
  readonly section: string;
  readonly piece: number;
}

interface SectionKey {
  readonly caseId: string;
  readonly section: string;
  readonly version: number;
}

interface SectionContent extends SectionKey {
  readonly ownerOrg: string;
  readonly writtenBy: string;
  readonly at: number;
  readonly corrects: string | undefined;
  readonly content: Personal<string>;
}

interface NoteContent {
  readonly noteId: string;
  readonly caseId: string;
  readonly ownerOrg: string;
  readonly writtenBy: string;
  readonly at: number;
  readonly content: Personal<string>;
}

const NOTES = 'notes';
const sectionContext = ({ caseId, section, version }: SectionKey): string =>
  `${caseId}/${section}/${version}`;
const pieceContext = ({ caseId, section, attachmentId, piece }: PieceKey): string =>
  `${caseId}/${section}/${attachmentId}/${piece}`;
const noteContext = (caseId: string, noteId: string): string => `${caseId}/${NOTES}/${noteId}`;
const toPersonal = (bytes: Buffer): Personal<string> => new Personal(bytes.toString('utf8'));
const bytesOf = (content: Personal<string>): Buffer => Buffer.from(content.reveal(), 'utf8');

export function sealedStoreWith(keys: KeyRing): SealedStore {
  return {
    async writeSection(tx, { ownerOrg, writtenBy, at, corrects, content, ...sectionKey }) {
      const key = await dataKey(tx, keys, sectionKey.caseId, sectionKey.section, ownerOrg);
      await tx.query({
        name: 'section-seal',
        text: 'INSERT INTO sealed_section (case_id, section, version, written_by, at, sealed, corrects) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        values: [
          sectionKey.caseId,
          sectionKey.section,
          sectionKey.version,
          writtenBy,
          at,
          seal(key, bytesOf(content), sectionContext(sectionKey)),
          corrects ?? null,
        ],
      });
    },
    async readSection(tx, sectionKey) {
      const { rows } = await tx.query<{ sealed: Buffer }>({
        name: 'section-unseal',
        text: 'SELECT sealed FROM sealed_section WHERE case_id = $1 AND section = $2 AND version = $3',
        values: [sectionKey.caseId, sectionKey.section, sectionKey.version],
      });
      const key = await findDataKey(tx, keys, sectionKey.caseId, sectionKey.section);
      return rows[0] && key
        ? toPersonal(unseal(key, rows[0].sealed, sectionContext(sectionKey)))
        : undefined;
    },
    async writeNote(tx, { noteId, caseId, ownerOrg, writtenBy, at, content }) {
      const key = await dataKey(tx, keys, caseId, NOTES, ownerOrg);
      const { rowCount } = await tx.query({
        name: 'note-seal',
        text: `INSERT INTO sealed_note (note_id, case_id, written_by, at, sealed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        values: [
          noteId,
          caseId,
          writtenBy,
          at,
          seal(key, bytesOf(content), noteContext(caseId, noteId)),
        ],
      });
      return rowCount === 1 ? 'written' : 'already-exists';
    },
    async readNote(tx, { noteId, caseId }) {
      const { rows } = await tx.query<{ sealed: Buffer }>({
        name: 'note-unseal',
        text: 'SELECT sealed FROM sealed_note WHERE note_id = $1',
        values: [noteId],
      });
      const key = await findDataKey(tx, keys, caseId, NOTES);
      return rows[0] && key
        ? toPersonal(unseal(key, rows[0].sealed, noteContext(caseId, noteId)))
        : undefined;
    },
    async writePiece(tx, { ownerOrg, ...pieceKey }, content) {
      const key = await dataKey(tx, keys, pieceKey.caseId, pieceKey.section, ownerOrg);
      await tx.query({
        name: 'piece-seal',
        text: 'INSERT INTO sealed_piece (attachment_id, piece, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        values: [pieceKey.attachmentId, pieceKey.piece, seal(key, content, pieceContext(pieceKey))],
      });
    },
    async readPiece(tx, of, piece) {
      const { rows } = await tx.query<{ sealed: Buffer }>({
        name: 'piece-unseal',
        text: 'SELECT sealed FROM sealed_piece WHERE attachment_id = $1 AND piece = $2',
        values: [of.attachmentId, piece],
      });
      const key = await findDataKey(tx, keys, of.caseId, of.section);
      return rows[0] && key
        ? unseal(key, rows[0].sealed, pieceContext({ ...of, piece }))
        : undefined;
    },
  };
}

const KEY_BYTES = 32;
const keyContext = (caseId: string, section: string): string => `${caseId}/${section}`;

/** The data key of a case and section; made at its first words. Of two that are made at once the first is the one. */
async function dataKey(
  tx: Transaction,
  keys: KeyRing,
  caseId: string,
  section: string,
  ownerOrg: string,
): Promise<Buffer> {
  const found = await findDataKey(tx, keys, caseId, section);
  if (found) return found;
  const key = randomBytes(KEY_BYTES);
  const wrapped = await keys.wrap(ownerOrg, key, keyContext(caseId, section));
  const { rowCount } = await tx.query({
    name: 'data-key-keep',
    text: 'INSERT INTO data_key (case_id, section, organisation, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    values: [caseId, section, ownerOrg, wrapped],
  });
  return rowCount === 1 ? key : dataKey(tx, keys, caseId, section, ownerOrg);
}

async function findDataKey(
  tx: Transaction,
  keys: KeyRing,
  caseId: string,
  section: string,
): Promise<Buffer | undefined> {
  const { rows } = await tx.query<{ organisation: string; wrapped: Buffer }>({
    name: 'data-key-find',
    text: 'SELECT organisation, wrapped FROM data_key WHERE case_id = $1 AND section = $2',
    values: [caseId, section],
  });
  return rows[0] && keys.unwrap(rows[0].organisation, rows[0].wrapped, keyContext(caseId, section));
}
