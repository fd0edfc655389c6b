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

const CONTENT = 'Synthetic content about nobody';
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

/** A case whose sections `health` and `identity` hold the content; `ownerOrg` holds the key. */
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
      content: new Personal(CONTENT),
    }),
  );
const read = async (caseId: string, section = 'health', version = 1): Promise<string | undefined> =>
  (
    await vault.database.transaction((tx) =>
      sealedStore.readSection(tx, { caseId, section, version }),
    )
  )?.reveal();

/** A change that needs the rights of the database's owner. */
const tamper = (sql: string, ...values: unknown[]) =>
  asAdmin(vault.ownerUrl, (owner) => owner.query(sql, values));

const sealedOf = async (caseId: string): Promise<Buffer[]> =>
  (
    await vault.database.query<{ sealed: Buffer }>(
      'SELECT sealed FROM sealed_section WHERE case_id = $1 ORDER BY section, version',
      [caseId],
    )
  ).rows.map(({ sealed }) => sealed);

describe('written content', () => {
  it('can be read again, and is not visible in its sealed bytes', async () => {
    const { caseId } = await written();
    expect(await read(caseId)).toBe(CONTENT);
    for (const sealed of await sealedOf(caseId)) {
      expect(sealed.includes(CONTENT)).toBe(false);
      for (const word of CONTENT.split(' ').filter(({ length }) => length > 5))
        expect(sealed.includes(word)).toBe(false);
    }
  });

  it('is sealed to different bytes each time, even if it is equal', async () => {
    const { caseId, ownerOrg } = await written();
    await write(caseId, ownerOrg, 'health', 2);
    const sealed = (await sealedOf(caseId)).map((one) => one.toString('hex'));
    expect(new Set(sealed).size).toBe(3);
  });

  it('has exactly one wrapped key for each case and section', async () => {
    const { caseId, ownerOrg } = await written();
    await write(caseId, ownerOrg, 'health', 2);
    const { rows } = await vault.database.query<{ section: string }>(
      'SELECT section FROM data_key WHERE case_id = $1 ORDER BY section',
      [caseId],
    );
    expect(rows).toEqual([{ section: 'health' }, { section: 'identity' }]);
  });

  it('is unreadable after its key was destroyed, and other sections stay readable', async () => {
    const { caseId } = await written();
    await vault.database.query("DELETE FROM data_key WHERE case_id = $1 AND section = 'health'", [
      caseId,
    ]);
    expect(await read(caseId)).toBeUndefined();
    expect(await read(caseId, 'identity')).toBe(CONTENT);
  });

  it('cannot be updated or deleted by the role of the service', async () => {
    const { caseId } = await written();
    for (const sql of ["UPDATE sealed_section SET sealed = ''", 'DELETE FROM sealed_section'])
      await expect(vault.database.query(`${sql} WHERE case_id = $1`, [caseId])).rejects.toThrow(
        /permission denied/,
      );
  });
});

describe('a reading of tampered content fails', () => {
  it.each([
    ['the nonce', 0],
    ['the tag', 12],
    ['the content', 28],
  ])('when a byte of %s was changed', async (_, offset) => {
    const { caseId } = await written();
    await tamper(
      "UPDATE sealed_section SET sealed = set_byte(sealed, $2, get_byte(sealed, $2) # 1) WHERE case_id = $1 AND section = 'health'",
      caseId,
      offset,
    );
    await expect(read(caseId)).rejects.toThrow();
    expect(await read(caseId, 'identity')).toBe(CONTENT);
  });

  it('when it was moved to another version', async () => {
    const { caseId } = await written();
    await tamper(
      "UPDATE sealed_section SET version = 2 WHERE case_id = $1 AND section = 'health'",
      caseId,
    );
    await expect(read(caseId, 'health', 2)).rejects.toThrow();
  });

  it('when it was moved to another section', async () => {
    const { caseId } = await written();
    await tamper("DELETE FROM sealed_section WHERE case_id = $1 AND section = 'identity'", caseId);
    await tamper("UPDATE sealed_section SET section = 'identity' WHERE case_id = $1", caseId);
    await expect(read(caseId, 'identity')).rejects.toThrow();
  });

  it('when it was moved to another case together with its key', async () => {
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

  it('when its key was assigned to another organisation', async () => {
    const { caseId } = await written();
    await tamper('UPDATE data_key SET organisation = $2 WHERE case_id = $1', caseId, randomUUID());
    await expect(read(caseId)).rejects.toThrow();
  });
});

it('a failed reading reveals nothing of the content in its error', async () => {
  const { caseId } = await written();
  await tamper(
    'UPDATE sealed_section SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE case_id = $1',
    caseId,
  );
  const failure = await read(caseId).catch((error: unknown) => inspect(error, { depth: 5 }));
  for (const word of CONTENT.split(' ').filter(({ length }) => length > 5))
    expect(failure).not.toContain(word);
});
