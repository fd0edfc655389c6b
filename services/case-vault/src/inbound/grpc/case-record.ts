import type {
  CaseRecordServiceService,
  UploadAttachmentResponse,
} from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import type { CountryPack } from '@opennrm/country';
import {
  answer,
  codeOf,
  type Database,
  exchange,
  field,
  type RpcsOf,
  refused,
  streaming,
  unary,
} from '@opennrm/runtime';
import { z } from 'zod';
import * as attachments from '../../handlers/attachments.ts';
import * as disagreements from '../../handlers/disagreements.ts';
import * as safetyNotes from '../../handlers/safety-notes.ts';
import * as sections from '../../handlers/sections.ts';
import type { AttachmentRow } from '../../outbound/attachments.ts';
import type { SealedStore } from '../../outbound/sealing/sealed-store.ts';
import { caseId, either, mapAnswer, named, newestFirst, subject } from './fields.ts';

type Rpcs = RpcsOf<typeof CaseRecordServiceService>;

const LARGEST_PIECE = 48 * 1024;
/** 20 MiB in pieces of the largest size. */
const MOST_PIECES = 427;
const count = z
  .number()
  .int()
  .min(1, 'must be 1 at least')
  .max(MOST_PIECES, `must be at most ${MOST_PIECES}`);

/** proto → command for the history of words, notes for safety, and attached files. */
export function caseRecordRpcs(
  pack: CountryPack,
  sealedStore: SealedStore,
  database: Database,
): Rpcs {
  const section = codeOf(pack.sections, 'section');
  const purpose = codeOf(pack.purposes, 'purpose');
  return {
    listSectionVersions: unary(z.object({ caseId, section }), async (tx, request, call) => {
      const found = await sections.versions(tx, request.caseId, request.section, call);
      if (!found) return refused('not-found', 'case_id');
      return answer({
        versions: found.rows.map((row) => ({
          version: row.version,
          writtenBy: row.written_by,
          at: new Date(row.at),
          corrects: row.corrects ?? '',
          disagreementNoteIds: found.disagreements
            .filter((one) => one.version === row.version)
            .map(({ noteId }) => noteId),
        })),
      });
    }),
    recordDisagreement: unary(
      z.object({
        caseId,
        section,
        version: z.number().int().min(1, 'must be 1 at least'),
        noteId: field.id,
      }),
      (tx, request, call) => disagreements.record(tx, pack, request, call),
    ),
    retractDisagreement: unary(
      z.object({ caseId, section, noteId: field.id }),
      (tx, request, call) => disagreements.retract(tx, pack, request, call),
    ),
    listSafetyNotes: unary(
      z.object({ ...subject, purpose }).refine(named, either),
      (tx, request, call) => safetyNotes.list(tx, pack, request, call),
    ),
    endSafetyNote: unary(z.object({ caseId, noteId: field.id }), (tx, request, call) =>
      safetyNotes.end(tx, pack, request, call),
    ),
    ...attaching(pack, sealedStore),
    ...readingFiles(pack, sealedStore, database),
  };
}

/** What opens a file. */
const kinds = ['text', 'pdf', 'image', 'audio', 'video', 'other'] as const;

function readingFiles(
  pack: CountryPack,
  sealedStore: SealedStore,
  database: Database,
): Pick<Rpcs, 'listAttachments' | 'readAttachment'> {
  const purpose = codeOf(pack.purposes, 'purpose');
  const page = { pageSize: field.pageSize, pageToken: newestFirst.pageToken };
  return {
    listAttachments: unary(
      z
        .object({ ...subject, section: codeOf(pack.sections, 'section'), purpose, ...page })
        .refine(named, either),
      async (tx, { pageSize: size, pageToken: before, ...search }, call) =>
        mapAnswer(
          await attachments.list(tx, pack, search, { before, size }, call),
          ({ rows, ...told }) => ({
            ...told,
            attachments: rows.map(attachmentView),
            nextPageToken: newestFirst.nextPageToken(rows, size, ({ at, attachment_id: id }) => ({
              at,
              id,
            })),
          }),
        ),
    ),
    readAttachment: streaming(
      z.object({ attachmentId: field.id, purpose }),
      async (wish, call, send, signal) => {
        const begun = await database.transaction((tx) =>
          attachments.beginReading(tx, pack, sealedStore, wish, call),
        );
        if (begun.kind === 'refused') return begun;
        for (let piece = 0; piece < begun.response.pieces && !signal.aborted; piece++) {
          const next = { ...begun.response, piece, purpose: wish.purpose };
          const given = await database.transaction((tx) =>
            attachments.continueReading(tx, pack, sealedStore, next, call),
          );
          if (given.kind === 'refused') return given;
          await send({ piece, content: given.response.content });
        }
        return undefined;
      },
    ),
  };
}

const attachmentView = (row: AttachmentRow) => ({
  attachmentId: row.attachment_id,
  kind: row.kind,
  pieces: row.pieces,
  sha256: row.sha256,
  writtenBy: row.written_by,
  at: new Date(row.at),
});

const said = (attachmentId: string, piece: number): UploadAttachmentResponse => ({
  attachmentId,
  piece,
  complete: false,
  refusal: '',
  field: '',
});

const attaching = (
  pack: CountryPack,
  sealedStore: SealedStore,
): Pick<Rpcs, 'uploadAttachment'> => ({
  uploadAttachment: exchange(
    z.object({
      caseId,
      section: codeOf(pack.sections, 'section'),
      attachmentId: field.id,
      pieces: count,
      piece: z.number().int().max(MOST_PIECES, `must be at most ${MOST_PIECES}`),
      content: z
        .instanceof(Uint8Array)
        .refine(
          (bytes) => bytes.length > 0 && bytes.length <= LARGEST_PIECE,
          'must be 1 byte to 48 KiB',
        )
        .transform((bytes) => Buffer.from(bytes)),
      kind: z.enum(kinds, `must be one of ${kinds.join(', ')}`),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 as hexadecimal'),
    }),
    async (tx, piece, call) => {
      const given = await attachments.upload(tx, pack, sealedStore, piece, call);
      if (given.kind === 'refused') return given;
      return answer({ ...said(piece.attachmentId, piece.piece), ...given.response });
    },
    (request, refusal, wrong) => ({
      ...said(request?.attachmentId ?? '', request?.piece ?? 0),
      refusal,
      field: wrong,
    }),
  ),
});
