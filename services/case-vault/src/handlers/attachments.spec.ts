import { createHash, randomUUID } from 'node:crypto';
import { days, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteUnfinishedAttachments } from '../outbound/attachments.ts';
import {
  callOf,
  noon,
  relationBegan,
  type Subject,
  vaultDatabase,
} from '../outbound/vault-database.fixture.ts';
import * as attachments from './attachments.ts';
import * as withdrawals from './withdrawals.ts';

let vault: Awaited<ReturnType<typeof vaultDatabase>>;
beforeAll(async () => {
  vault = await vaultDatabase();
});
afterAll(() => vault.drop());

const FILE = [Buffer.from('Synthetic first'), Buffer.from('Synthetic second')];
const purpose = 'accommodation';

const keeps = (
  { caseId, owner }: Subject,
  attachmentId: string,
  piece: number,
  at = noon,
  sealedStore = vault.sealedStore,
) => {
  const sha256 = createHash('sha256').update(Buffer.concat(FILE)).digest('hex');
  const content = FILE[piece] ?? Buffer.of();
  const one = {
    caseId,
    section: 'health',
    attachmentId,
    kind: 'pdf',
    piece,
    pieces: FILE.length,
    sha256,
    content,
  };
  return vault.inTransaction((tx) =>
    attachments.upload(tx, vault.pack, sealedStore, one, callOf(owner, at)),
  );
};
async function attaches(subject: Subject, at = noon): Promise<string> {
  const attachmentId = randomUUID();
  for (const piece of FILE.keys()) await keeps(subject, attachmentId, piece, at);
  return attachmentId;
}
const lists = (
  { caseId }: Subject,
  who: string,
  size = 50,
  before = { at: 9e15, id: randomUUID() as string },
) => {
  const search = { caseId, holdId: undefined, personId: undefined, section: 'health', purpose };
  return vault.inTransaction((tx) =>
    attachments.list(tx, vault.pack, search, { before, size }, callOf(who)),
  );
};
const begins = (attachmentId: string, who: string) =>
  vault.inTransaction((tx) =>
    attachments.beginReading(
      tx,
      vault.pack,
      vault.sealedStore,
      { attachmentId, purpose },
      callOf(who),
    ),
  );
const goesOn = (whole: attachments.CompleteAttachment, piece: number, who: string) =>
  vault.inTransaction((tx) =>
    attachments.continueReading(
      tx,
      vault.pack,
      vault.sealedStore,
      { ...whole, piece, purpose },
      callOf(who),
    ),
  );

/** A file that a shelter may read now. */
async function readable() {
  const subject = await vault.opened();
  const shelter: string = randomUUID();
  const permissionId = await vault.permits(subject, 'health');
  await vault.fromReferral(relationBegan(subject, shelter));
  return { subject, shelter, permissionId, attachmentId: await attaches(subject) };
}
const begun = async (
  attachmentId: string,
  who: string,
): Promise<attachments.CompleteAttachment> => {
  const given = await begins(attachmentId, who);
  if (given.kind === 'refused') throw new Error(given.refusal);
  return given.response;
};

describe('the files of a section', () => {
  it('are found by whoever may read it, newest first, page by page, and that is logged', async () => {
    const { subject, shelter, attachmentId } = await readable();
    const newer = await attaches(subject, later(noon, 1_000));
    const first = await lists(subject, shelter, 1);
    expect(first).toMatchObject({
      response: { rows: [{ attachment_id: newer, kind: 'pdf', pieces: 2 }] },
    });
    const next = await lists(subject, shelter, 1, { at: later(noon, 1_000), id: newer });
    expect(next).toMatchObject({
      response: { rows: [{ attachment_id: attachmentId }], basis: 'permission' },
    });
    expect(await vault.disclosures(subject)).toEqual(
      Array.from({ length: 2 }, () => `case-vault: attachments-of-health for ${shelter}`),
    );
  });

  it('are counted where the section is read', async () => {
    const { subject, shelter } = await readable();
    await vault.writes(subject, 'health', 'Synthetic health of nobody');
    expect(await vault.reads(subject.caseId, shelter, 'health')).toMatchObject({
      response: { attachments: 1 },
    });
  });

  it('are nobody else’s, and what is not whole is none', async () => {
    const { subject, shelter } = await readable();
    await keeps(subject, randomUUID(), 0);
    expect(await lists(subject, shelter)).toMatchObject({ response: { rows: { length: 1 } } });
    expect(await lists(subject, randomUUID())).toEqual({
      kind: 'refused',
      refusal: 'not-found',
      field: 'case_id',
    });
  });

  it('have a limit that no honest case reaches; what was begun may be finished', async () => {
    const subject = await vault.opened();
    const half: string = randomUUID();
    await keeps(subject, half, 0);
    for (let nth = 1; nth < 100; nth++) await keeps(subject, randomUUID(), 0);
    expect(await keeps(subject, randomUUID(), 0)).toMatchObject({
      refusal: 'too-many-attachments',
    });
    expect(await keeps(subject, half, 1)).toMatchObject({ response: { complete: true } });
  });
});

describe('a reading that has begun', () => {
  it('goes on while it may, and ends with the withdrawal', async () => {
    const { subject, shelter, permissionId, attachmentId } = await readable();
    const whole = await begun(attachmentId, shelter);
    expect(await goesOn(whole, 0, shelter)).toMatchObject({ response: { content: FILE[0] } });
    const asked = { caseId: subject.caseId, permissionId, channel: 'in-person' } as const;
    await vault.inTransaction((tx) =>
      withdrawals.withdraw(tx, vault.pack, asked, callOf(subject.owner)),
    );
    expect(await goesOn(whole, 1, shelter)).toEqual({
      kind: 'refused',
      refusal: 'no-basis',
      field: 'purpose',
    });
  });

  it('never sends nothing as if it were something: a key that is destroyed is said', async () => {
    const { subject, shelter, attachmentId } = await readable();
    const whole = await begun(attachmentId, shelter);
    await vault.database.query('DELETE FROM data_key WHERE case_id = $1', [subject.caseId]);
    const empty = { kind: 'refused', refusal: 'section-empty', field: 'attachment_id' };
    expect(await goesOn(whole, 1, shelter)).toEqual(empty);
    expect(await begins(attachmentId, shelter)).toEqual(empty);
  });
});

describe('pieces', () => {
  it('are checked while the file is read: the case is locked only when the file is whole', async () => {
    const { subject, shelter } = await readable();
    await vault.writes(subject, 'health', 'Synthetic health of nobody');
    const attachmentId: string = randomUUID();
    await keeps(subject, attachmentId, 0);
    const [checking, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow: typeof vault.sealedStore = {
      ...vault.sealedStore,
      async readPiece(...asked) {
        checking.resolve();
        await read.promise;
        return vault.sealedStore.readPiece(...asked);
      },
    };
    const keeping = keeps(subject, attachmentId, 1, noon, slow);
    await checking.promise;
    expect((await vault.reads(subject.caseId, shelter, 'health')).kind).toBe('answer');
    read.resolve();
    expect(await keeping).toMatchObject({ response: { complete: true } });
  });

  it('sent on two lines at once make the file whole once', async () => {
    const subject = await vault.opened();
    const attachmentId: string = randomUUID();
    await Promise.all([0, 1, 0, 1].map((piece) => keeps(subject, attachmentId, piece)));
    const { rowCount } = await vault.database.query(
      "SELECT 1 FROM journal WHERE aggregate_id = $1 AND type = 'AttachmentUploaded'",
      [subject.caseId],
    );
    expect(rowCount).toBe(1);
  });

  it('that are a whole file each are kept side by side, without waiting for each other for ever', async () => {
    const subject = await vault.opened();
    const [content] = FILE as [Buffer];
    const sha256 = createHash('sha256').update(content).digest('hex');
    const one = {
      caseId: subject.caseId,
      section: 'health',
      kind: 'pdf',
      piece: 0,
      pieces: 1,
      sha256,
      content,
    };
    const keepsOne = () =>
      vault.inTransaction((tx) => {
        const whole = { ...one, attachmentId: randomUUID() };
        return attachments.upload(tx, vault.pack, vault.sealedStore, whole, callOf(subject.owner));
      });
    const given = await Promise.allSettled(Array.from({ length: 40 }, keepsOne));
    expect(
      given.filter((each) => each.status === 'fulfilled' && each.value.kind === 'answer'),
    ).toHaveLength(40);
  });

  it('of a file that nobody finished are forgotten after a day, with all of it; a whole one stays', async () => {
    const { subject, shelter } = await readable();
    const half: string = randomUUID();
    await keeps(subject, half, 0);
    const pieces = async () =>
      (await vault.database.query('SELECT 1 FROM sealed_piece WHERE attachment_id = $1', [half]))
        .rowCount;
    await deleteUnfinishedAttachments(vault.database, later(noon, days(1)));
    expect(await pieces()).toBe(1);
    expect(
      await deleteUnfinishedAttachments(vault.database, later(noon, days(1) + 1)),
    ).toBeGreaterThan(0);
    expect(await pieces()).toBe(0);
    expect(await lists(subject, shelter)).toMatchObject({ response: { rows: { length: 1 } } });
  });
});

it('begins a file anew when its pieces are not what was announced', async () => {
  const subject = await vault.opened();
  const one = {
    caseId: subject.caseId,
    section: 'health',
    attachmentId: randomUUID(),
    kind: 'pdf',
    piece: 0,
    pieces: 1,
    sha256: createHash('sha256').update('Something else').digest('hex'),
    content: Buffer.from('Synthetic'),
  };
  const upload = () =>
    vault.inTransaction((tx) =>
      attachments.upload(tx, vault.pack, vault.sealedStore, one, callOf(subject.owner)),
    );
  const refused = { kind: 'answer', response: { complete: false, refusal: 'checksum-mismatch' } };
  expect(await upload()).toEqual(refused);
  const { rowCount } = await vault.database.query(
    'SELECT 1 FROM attachment WHERE attachment_id = $1',
    [one.attachmentId],
  );
  expect(rowCount).toBe(0);
  expect(await upload()).toEqual(refused);
});
