import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Metadata } from '@grpc/grpc-js';
import type {
  UploadAttachmentRequest,
  UploadAttachmentResponse,
} from '@opennrm/contracts/opennrm/case_vault/v1/case_record.ts';
import { asAdmin } from '@opennrm/infra/local';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import type { Organisation, World } from '../world.ts';
import { noReceivers, openVaultCase, recordPermission } from './consent-details.ts';

const PIECE = 48 * 1024;
const PIECES = 9;
const MARK = Buffer.from('Synthetic-scan-of-nobody');

export function attachedFile(world: () => World): void {
  it('is sent in pieces over a line that breaks, counts when it is whole, and lies sealed', async () => {
    const { caseId } = await openVaultCase(world());
    const file = Buffer.concat([MARK, randomBytes((PIECES - 1) * PIECE)]);
    const pieces = piecesOf(file, caseId);
    const [first] = pieces;
    const attachmentId = first?.attachmentId ?? '';
    const cut = await send(world(), pieces.slice(0, 4));
    expect(cut.map(({ complete, refusal }) => [complete, refusal])).toEqual(
      cut.map(() => [false, '']),
    );
    expect(await read(world(), world().responders, attachmentId)).toBe('not-found');
    const again = await send(world(), pieces);
    expect(again.at(-1)).toMatchObject({ complete: true, refusal: '' });
    expect(again.filter(({ complete }) => complete)).toHaveLength(1);
    expect((await send(world(), pieces)).every(({ complete }) => complete)).toBe(true);

    const read_ = await read(world(), world().responders, attachmentId);
    expect(read_).toBe('no-basis');
    const reader = world().organisation();
    await recordPermission(world(), caseId, {
      purpose: 'legal-aid',
      sections: ['legal'],
      receivers: { ...noReceivers, organisationIds: [world().responders.id] },
    });
    const whole = await read(world(), world().responders, attachmentId);
    expect(Buffer.isBuffer(whole) && whole.equals(file)).toBe(true);
    expect(await read(world(), reader, attachmentId)).toBe('not-found');
    const wish = { caseId, holdId: '', personId: '', section: 'legal', purpose: 'legal-aid' };
    const searcher = await world().responders.as('caseworker');
    const found = await call(
      world().words,
      'listAttachments',
      { ...wish, pageSize: 0, pageToken: '' },
      searcher,
    );
    expect(found.attachments).toMatchObject([{ attachmentId, kind: 'image', pieces: PIECES }]);
    await nothingInTheClear(world());

    const caseworker = await world().responders.as('caseworker');
    const page = { caseId, pageSize: 50, pageToken: '', forThePerson: false };
    const { disclosures } = await call(world().vault, 'listDisclosures', page, caseworker);
    expect(disclosures.map(({ content }) => content)).toEqual([
      'attachments-of-legal',
      'attachment-of-legal',
    ]);
  });

  it('that is not what was announced is refused as a whole, and one bad piece names its fault while the others stand', async () => {
    const { caseId } = await openVaultCase(world());
    const pieces = piecesOf(randomBytes(2 * PIECE), caseId);
    const wrong = pieces.map((one) => ({ ...one, sha256: '0'.repeat(64) }));
    expect((await send(world(), wrong)).at(-1)).toMatchObject({
      complete: false,
      refusal: 'checksum-mismatch',
    });
    const [one, two] = pieces;
    if (!one || !two) throw new Error('two pieces');
    const answers = await send(world(), [{ ...one, content: Buffer.alloc(PIECE + 1) }, two, one]);
    expect(answers[0]).toMatchObject({ complete: false, field: 'content' });
    expect(answers.at(-1)).toMatchObject({ complete: true });
  });
}

/** In pieces of the largest size, each with what the whole is. */
function piecesOf(file: Buffer, caseId: string): UploadAttachmentRequest[] {
  const count = Math.ceil(file.length / PIECE);
  const whole = {
    caseId,
    section: 'legal',
    attachmentId: randomUUID(),
    kind: 'image',
    pieces: count,
    sha256: createHash('sha256').update(file).digest('hex'),
  };
  return Array.from({ length: count }, (_, piece) => ({
    ...whole,
    piece,
    content: file.subarray(piece * PIECE, (piece + 1) * PIECE),
  }));
}

async function metadataOf(who: Organisation): Promise<Metadata> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${(await who.as('caseworker')).token}`);
  return metadata;
}

async function send({ words, responders }: World, pieces: readonly UploadAttachmentRequest[]) {
  const line = words.uploadAttachment(await metadataOf(responders));
  const answers: UploadAttachmentResponse[] = [];
  line.on('data', (one: UploadAttachmentResponse) => void answers.push(one));
  for (const one of pieces) if (!line.write(one)) await once(line, 'drain');
  line.end();
  await once(line, 'end');
  return answers;
}

/** The whole file, or the name of the refusal. */
async function read(
  { words }: World,
  who: Organisation,
  attachmentId: string,
): Promise<Buffer | string | undefined> {
  const wish = { attachmentId, purpose: 'legal-aid' };
  const pieces: Buffer[] = [];
  try {
    for await (const { content } of words.readAttachment(wish, await metadataOf(who)))
      pieces.push(Buffer.from(content));
  } catch (error) {
    return refusalOf(error);
  }
  return Buffer.concat(pieces);
}

async function nothingInTheClear({ platform }: World): Promise<void> {
  await asAdmin(platform.service('case-vault').ownerUrl, async (owner) => {
    const { rows } = await owner.query(
      'SELECT 1 FROM sealed_piece WHERE position($1 in sealed) > 0',
      [MARK],
    );
    expect(rows).toEqual([]);
    expect((await owner.query('SELECT 1 FROM sealed_piece')).rowCount).toBeGreaterThan(0);
  });
}
