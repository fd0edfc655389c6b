import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { asAdmin } from '@opennrm/infra/local';
import { Personal } from '@opennrm/runtime';
import { type TestDatabase, testDatabase } from '@opennrm/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileKeys } from './file-keys.ts';
import { type SealedStore, sealedStoreWith } from './sealed-store.ts';

const WORDS = 'Synthetic words about nobody';
let vault: TestDatabase;
let folder: string;
let sealedStore: SealedStore;

beforeAll(async () => {
  vault = await testDatabase('case-vault');
  folder = await mkdtemp(join(tmpdir(), 'opennrm-keys-'));
  sealedStore = sealedStoreWith(fileKeys(folder));
});
afterAll(async () => {
  await vault.drop();
  await rm(folder, { recursive: true });
});

/** A case whose sections `health` and `identity` hold the words; `ownerOrg` holds the key. */
async function written(ownerOrg: string = randomUUID()) {
  const caseId: string = randomUUID();
  await vault.database.query({
    name: 'spec-case',
    text: `INSERT INTO case_file (id, owner_org, version, generation, state) VALUES ($1, $2, 1, 0, '{}')`,
    values: [caseId, ownerOrg],
  });
  for (const section of ['health', 'identity']) await write(caseId, ownerOrg, section);
  return { caseId, ownerOrg };
}

const write = (caseId: string, ownerOrg: string, section: string, version = 1) =>
  vault.database.transaction((tx) =>
    sealedStore.writeSection(tx, {
      caseId,
      section,
      version,
      ownerOrg,
      writtenBy: ownerOrg,
      at: 0,
      corrects: undefined,
      content: new Personal(WORDS),
    }),
  );
const read = async (caseId: string, section = 'health', version = 1): Promise<string | undefined> =>
  (
    await vault.database.transaction((tx) =>
      sealedStore.readSection(tx, { caseId, section, version }),
    )
  )?.reveal();

/** What only somebody with the owner's rights to the database could do. */
const tamper = (sql: string, ...values: unknown[]) =>
  asAdmin(vault.ownerUrl, (owner) => owner.query(sql, values));

const sealedOf = async (caseId: string): Promise<Buffer[]> =>
  (
    await vault.database.query<{ sealed: Buffer }>(
      'SELECT sealed FROM sealed_section WHERE case_id = $1 ORDER BY section, version',
      [caseId],
    )
  ).rows.map(({ sealed }) => sealed);

describe('what is written', () => {
  it('is read again, and stands nowhere in its sealed bytes', async () => {
    const { caseId } = await written();
    expect(await read(caseId)).toBe(WORDS);
    for (const sealed of await sealedOf(caseId)) {
      expect(sealed.includes(WORDS)).toBe(false);
      for (const word of WORDS.split(' ').filter(({ length }) => length > 5))
        expect(sealed.includes(word)).toBe(false);
    }
  });

  it('is sealed anew each time: the same words never give the same bytes', async () => {
    const { caseId, ownerOrg } = await written();
    await write(caseId, ownerOrg, 'health', 2);
    const sealed = (await sealedOf(caseId)).map((one) => one.toString('hex'));
    expect(new Set(sealed).size).toBe(3);
  });

  it('has a key for each case and section, wrapped, and never two for one', async () => {
    const { caseId, ownerOrg } = await written();
    await write(caseId, ownerOrg, 'health', 2);
    const { rows } = await vault.database.query<{ section: string }>(
      'SELECT section FROM data_key WHERE case_id = $1 ORDER BY section',
      [caseId],
    );
    expect(rows).toEqual([{ section: 'health' }, { section: 'identity' }]);
  });

  it('is gone when its key is destroyed, and the other sections stay', async () => {
    const { caseId } = await written();
    await vault.database.query("DELETE FROM data_key WHERE case_id = $1 AND section = 'health'", [
      caseId,
    ]);
    expect(await read(caseId)).toBeUndefined();
    expect(await read(caseId, 'identity')).toBe(WORDS);
  });

  it('cannot be changed by the service: it may add and read, never update or delete', async () => {
    const { caseId } = await written();
    for (const sql of ["UPDATE sealed_section SET sealed = ''", 'DELETE FROM sealed_section'])
      await expect(vault.database.query(`${sql} WHERE case_id = $1`, [caseId])).rejects.toThrow(
        /permission denied/,
      );
  });
});

describe('what was changed behind the back of the service is not read', () => {
  it.each([
    ['the nonce', 0],
    ['the tag', 12],
    ['the words', 28],
  ])('a byte of %s', async (_, offset) => {
    const { caseId } = await written();
    await tamper(
      "UPDATE sealed_section SET sealed = set_byte(sealed, $2, get_byte(sealed, $2) # 1) WHERE case_id = $1 AND section = 'health'",
      caseId,
      offset,
    );
    await expect(read(caseId)).rejects.toThrow();
    expect(await read(caseId, 'identity')).toBe(WORDS);
  });

  it('words that were moved to another version', async () => {
    const { caseId } = await written();
    await tamper(
      "UPDATE sealed_section SET version = 2 WHERE case_id = $1 AND section = 'health'",
      caseId,
    );
    await expect(read(caseId, 'health', 2)).rejects.toThrow();
  });

  it('words that were moved to another section', async () => {
    const { caseId } = await written();
    await tamper("DELETE FROM sealed_section WHERE case_id = $1 AND section = 'identity'", caseId);
    await tamper("UPDATE sealed_section SET section = 'identity' WHERE case_id = $1", caseId);
    await expect(read(caseId, 'identity')).rejects.toThrow();
  });

  it('words that were moved to another case, with their key', async () => {
    const [first, another] = [await written(), await written()];
    await tamper('DELETE FROM sealed_section WHERE case_id = $1', another.caseId);
    await tamper('DELETE FROM data_key WHERE case_id = $1', another.caseId);
    await tamper(
      'UPDATE sealed_section SET case_id = $2 WHERE case_id = $1',
      first.caseId,
      another.caseId,
    );
    await tamper(
      'UPDATE data_key SET case_id = $2 WHERE case_id = $1',
      first.caseId,
      another.caseId,
    );
    await expect(read(another.caseId)).rejects.toThrow();
  });

  it('a key that is said to be of another organisation', async () => {
    const { caseId } = await written();
    await tamper('UPDATE data_key SET organisation = $2 WHERE case_id = $1', caseId, randomUUID());
    await expect(read(caseId)).rejects.toThrow();
  });
});

it('tells nothing of the words when it fails', async () => {
  const { caseId } = await written();
  await tamper(
    'UPDATE sealed_section SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE case_id = $1',
    caseId,
  );
  const failure = await read(caseId).catch((error: unknown) => inspect(error, { depth: 5 }));
  for (const word of WORDS.split(' ').filter(({ length }) => length > 5))
    expect(failure).not.toContain(word);
});
