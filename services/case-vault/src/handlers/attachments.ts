import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import type { CaseFileEvent } from '../domain/events.ts';
import {
  type AttachmentRow,
  attachmentsOf,
  beginAttachment,
  findAttachment,
  verifyUpload,
} from '../outbound/attachments.ts';
import { caseFiles, lockCases } from '../outbound/case-files.ts';
import type { SealedStore } from '../outbound/sealing/sealed-store.ts';
import { authorOf, ownFile, type Subject } from './case-access.ts';
import { mayBeRead, record, verdictOn } from './sections.ts';

export interface Piece {
  readonly caseId: string;
  readonly section: string;
  readonly attachmentId: string;
  readonly kind: string;
  readonly piece: number;
  readonly pieces: number;
  readonly sha256: string;
  readonly content: Buffer;
}

/**
 * Stores one piece. The last missing piece completes the file; an incomplete file cannot be read. Only the attachment's row is locked until the file
 * is complete, because checking a large file must not block the case.
 */
export async function upload(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  { piece, content, ...of }: Piece,
  call: Call,
): Promise<Answer<{ complete: boolean; refusal: string }>> {
  const { caseId, section, attachmentId } = of;
  if (piece >= of.pieces) return refused('piece-out-of-range', 'piece');
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  // A file of one piece is complete at once. Its insert locks the case's row for the foreign key; two such inserts would then deadlock.
  if (of.pieces === 1) await lockCases(tx, [caseId]);
  const attachment = { ...of, writtenBy: call.actor.organisation, at: call.at };
  const begun = await beginAttachment(tx, attachment);
  if (begun === 'full') return refused('too-many-attachments', 'attachment_id');
  if (begun === 'other') return refused('already-exists', 'attachment_id');
  if (begun === 'kept') return answer({ complete: true, refusal: '' });
  await sealedStore.writePiece(tx, { ...of, piece, ownerOrg: file.ownerOrg }, content);
  const state = await verifyUpload(tx, sealedStore, attachment);
  // An answer and not a refusal, which would undo the deletion of the wrong file.
  if (state !== 'whole')
    return answer({ complete: false, refusal: state === 'different' ? 'checksum-mismatch' : '' });
  await caseFiles.change(
    tx,
    caseId,
    {
      at: call.at,
      author: authorOf(call.actor),
      ruleVersion: pack.id,
      rules: pack.consent,
    },
    () => accept<CaseFileEvent>({ type: 'AttachmentUploaded', attachmentId, section, at: call.at }),
  );
  return answer({ complete: true, refusal: '' });
}

interface Search extends Subject {
  readonly section: string;
  readonly purpose: string;
}

export interface Listed {
  readonly rows: readonly AttachmentRow[];
  readonly basis: string;
  readonly disclosureId: string;
}

/** Lists the files of a section, by the same rules as reading the section. Each look-up is logged. */
export async function list(
  tx: Transaction,
  pack: CountryPack,
  search: Search,
  page: { readonly before: { readonly at: number; readonly id: string }; readonly size: number },
  call: Call,
): Promise<Answer<Listed>> {
  const allowed = await mayBeRead(tx, pack, search, call);
  if (allowed.kind === 'refused') return allowed;
  const { file, basis, permissionId, serviceClass } = allowed.response;
  const { section, purpose } = search;
  const disclosureId = randomUUID();
  const event: CaseFileEvent = { type: 'AttachmentsListed', disclosureId, section, purpose };
  const was = {
    disclosureId,
    content: `attachments-of-${section}`,
    purpose,
    basis,
    permissionId,
    serviceClass,
  };
  await record(tx, pack, call, { file, event, ...was });
  const rows = await attachmentsOf(tx, { caseId: file.caseId, section }, page.before, page.size);
  return answer({ rows, basis, disclosureId });
}

export interface CompleteAttachment {
  readonly caseId: string;
  readonly section: string;
  readonly attachmentId: string;
  readonly pieces: number;
}

interface Wanted {
  readonly attachmentId: string;
  readonly purpose: string;
}

/** Begins reading a file, by the rules of its section. The reading is logged before the first piece is sent. */
export async function beginReading(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  { attachmentId, purpose }: Wanted,
  call: Call,
): Promise<Answer<CompleteAttachment>> {
  const found = await findAttachment(tx, attachmentId);
  if (!found) return refused('not-found', 'attachment_id');
  const { section, caseId } = found;
  const wish = { caseId, holdId: undefined, personId: undefined, section, purpose };
  const allowed = await mayBeRead(tx, pack, wish, call);
  if (allowed.kind === 'refused')
    return allowed.refusal === 'not-found' ? refused('not-found', 'attachment_id') : allowed;
  const whole = { ...found, attachmentId };
  if (!(await sealedStore.readPiece(tx, whole, 0)))
    return refused('section-empty', 'attachment_id');
  const { file, basis, permissionId, serviceClass } = allowed.response;
  const disclosureId = randomUUID();
  const event: CaseFileEvent = { type: 'AttachmentRead', disclosureId, attachmentId, purpose };
  const was = {
    disclosureId,
    content: `attachment-of-${section}`,
    purpose,
    basis,
    permissionId,
    serviceClass,
  };
  await record(tx, pack, call, { file, event, ...was });
  return answer(whole);
}

/** Reads the next piece. The rules are checked again, so a withdrawal or a destroyed key ends a reading that has begun. */
export async function continueReading(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  {
    piece,
    purpose,
    ...whole
  }: CompleteAttachment & { readonly piece: number; readonly purpose: string },
  call: Call,
): Promise<Answer<{ content: Buffer }>> {
  const file = await caseFiles.find(tx, whole.caseId);
  const given =
    file && (await verdictOn(tx, pack, file, { section: whole.section, purpose }, call));
  if (!given) return refused('not-found', 'attachment_id');
  const { verdict } = given;
  if (!verdict.isAllowed) return refused(verdict.refusal, 'purpose');
  const content = await sealedStore.readPiece(tx, whole, piece);
  return content ? answer({ content }) : refused('section-empty', 'attachment_id');
}
