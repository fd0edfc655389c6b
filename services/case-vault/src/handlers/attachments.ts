import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import { beginAttachment, complete, findAttachment } from '../adapters/attachments.ts';
import { caseFiles, lockCases } from '../adapters/case-files.ts';
import type { Safe } from '../adapters/sealing/safe.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { authorOf, mayAct } from './ground.ts';
import { mayBeRead, record } from './sections.ts';

export interface Piece {
  readonly caseId: string;
  readonly section: string;
  readonly attachmentId: string;
  readonly piece: number;
  readonly pieces: number;
  readonly sha256: string;
  readonly content: Buffer;
}

/** Keeps one piece. The last one that was missing makes it whole, and only a whole file counts. */
export async function keep(
  tx: Transaction,
  pack: CountryPack,
  safe: Safe,
  { piece, content, ...of }: Piece,
  call: Call,
): Promise<Answer<{ kept: boolean; refusal: string }>> {
  const { caseId, section, attachmentId } = of;
  if (piece >= of.pieces) return refused('beyond-the-last-piece', 'piece');
  const file = await caseFiles.find(tx, caseId);
  if (!file || !mayAct(file, call.actor)) return refused('not-found', 'case_id');
  await lockCases(tx, [caseId]);
  const attachment = { ...of, writtenBy: call.actor.organisation, at: call.at };
  const begun = await beginAttachment(tx, attachment);
  if (begun === 'other') return refused('already-exists', 'attachment_id');
  if (begun === 'kept') return answer({ kept: true, refusal: '' });
  await safe.writePiece(tx, { ...of, piece, ownerOrg: file.ownerOrg }, content);
  const state = await complete(tx, safe, attachment);
  // Said as an answer, since what was forgotten with it must stay forgotten.
  if (state !== 'whole') return answer({ kept: false, refusal: state === 'different' ? 'not-what-was-announced' : '' });
  await caseFiles.change(tx, caseId, { at: call.at, author: authorOf(call.actor), ruleVersion: pack.id }, () =>
    accept<CaseFileEvent>({ type: 'AttachmentKept', attachmentId, section, at: call.at }),
  );
  return answer({ kept: true, refusal: '' });
}

export interface Whole {
  readonly caseId: string;
  readonly section: string;
  readonly attachmentId: string;
  readonly pieces: number;
}

/** A file is read by the rules of its section; that it was is recorded before its first piece leaves. */
export async function beginReading(
  tx: Transaction,
  pack: CountryPack,
  {
    attachmentId,
    holdId,
    purpose,
  }: { readonly attachmentId: string; readonly holdId: string | undefined; readonly purpose: string },
  call: Call,
): Promise<Answer<Whole>> {
  const found = await findAttachment(tx, attachmentId);
  if (!found) return refused('not-found', 'attachment_id');
  const { section, caseId } = found;
  const allowed = await mayBeRead(tx, pack, { caseId, holdId, section, purpose }, call);
  if (allowed.kind === 'refused')
    return allowed.refusal === 'not-found' ? refused('not-found', 'attachment_id') : allowed;
  const { file, basis, permissionId, serviceClass } = allowed.response;
  const disclosureId = randomUUID();
  const event: CaseFileEvent = { type: 'AttachmentRead', disclosureId, attachmentId, purpose };
  const was = { disclosureId, content: `attachment-of-${section}`, purpose, basis, permissionId, serviceClass };
  await record(tx, pack, call, { file, event, ...was });
  return answer({ ...found, attachmentId });
}
