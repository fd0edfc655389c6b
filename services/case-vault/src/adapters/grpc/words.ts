import type { KeepAttachmentResponse, WordsServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/words.ts';
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
import * as notes from '../../handlers/notes.ts';
import * as sections from '../../handlers/sections.ts';
import type { Safe } from '../sealing/safe.ts';
import { caseId, either, named, subject } from './fields.ts';

type Rpcs = RpcsOf<typeof WordsServiceService>;

const LARGEST_PIECE = 48 * 1024;
/** 20 MiB in pieces of the largest size. */
const MOST_PIECES = 427;
const count = z.number().int().min(1, 'must be 1 at least').max(MOST_PIECES, `must be at most ${MOST_PIECES}`);

/** proto → command for the history of words, notes for safety, and attached files. */
export function wordsRpcs(pack: CountryPack, safe: Safe, database: Database): Rpcs {
  const section = codeOf(pack.sections, 'section');
  const purpose = codeOf(pack.purposes, 'purpose');
  return {
    listSectionVersions: unary(z.object({ caseId, section }), async (tx, request, call) => {
      const found = await sections.versions(tx, request.caseId, request.section, call);
      if (!found) return refused('not-found', 'case_id');
      return answer({
        versions: found.rows.map((row) => ({
          ...{ version: row.version, writtenBy: row.written_by, at: new Date(row.at), corrects: row.corrects ?? '' },
          disagreementNoteIds: found.disagreements
            .filter((one) => one.version === row.version)
            .map(({ noteId }) => noteId),
        })),
      });
    }),
    recordDisagreement: unary(
      z.object({ caseId, section, version: z.number().int().min(1, 'must be 1 at least'), noteId: field.id }),
      (tx, request, call) => sections.recordDisagreement(tx, pack, request, call),
    ),
    listSafetyNotes: unary(z.object(subject).refine(named, either), (tx, request, call) =>
      notes.safetyNotes(tx, pack, request, call),
    ),
    endSafetyNote: unary(z.object({ caseId, noteId: field.id }), (tx, request, call) =>
      notes.endSafetyNote(tx, pack, request, call),
    ),
    ...attaching(pack, safe),
    readAttachment: streaming(
      z.object({ attachmentId: field.id, holdId: field.optionalId, purpose }),
      async (request, call, send, signal) => {
        const begun = await database.transaction((tx) => attachments.beginReading(tx, pack, request, call));
        if (begun.kind === 'refused') return begun;
        for (let piece = 0; piece < begun.response.pieces && !signal.aborted; piece++) {
          const content = await database.transaction((tx) => safe.readPiece(tx, begun.response, piece));
          await send({ piece, content: content ?? Buffer.of() });
        }
        return undefined;
      },
    ),
  };
}

const said = (attachmentId: string, piece: number): KeepAttachmentResponse => ({
  ...{ attachmentId, piece, kept: false, refusal: '', field: '' },
});

const attaching = (pack: CountryPack, safe: Safe): Pick<Rpcs, 'keepAttachment'> => ({
  keepAttachment: exchange(
    z.object({
      ...{ caseId, section: codeOf(pack.sections, 'section'), attachmentId: field.id, pieces: count },
      piece: z.number().int().max(MOST_PIECES, `must be at most ${MOST_PIECES}`),
      content: z
        .instanceof(Uint8Array)
        .refine((bytes) => bytes.length > 0 && bytes.length <= LARGEST_PIECE, 'must be 1 byte to 48 KiB')
        .transform((bytes) => Buffer.from(bytes)),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 as hexadecimal'),
    }),
    async (tx, piece, call) => {
      const given = await attachments.keep(tx, pack, safe, piece, call);
      if (given.kind === 'refused') return given;
      return answer({ ...said(piece.attachmentId, piece.piece), ...given.response });
    },
    (request, refusal, wrong) => ({ ...said(request?.attachmentId ?? '', request?.piece ?? 0), refusal, field: wrong }),
  ),
});
