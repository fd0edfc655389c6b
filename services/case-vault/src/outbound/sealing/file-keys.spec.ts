import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileKeys } from './file-keys.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opennrm-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));

const dataKey = randomBytes(32);

it('gives back a data key to the organisation that wrapped it, also after a restart', async () => {
  const organisation = randomUUID();
  const wrapped = await fileKeys(folder).wrap(organisation, dataKey, 'case/health');
  expect(wrapped.includes(dataKey)).toBe(false);
  expect(await fileKeys(folder).unwrap(organisation, wrapped, 'case/health')).toEqual(dataKey);
});

it("does not unwrap with another organisation's key", async () => {
  const keys = fileKeys(folder);
  const wrapped = await keys.wrap(randomUUID(), dataKey, 'case/health');
  await expect(keys.unwrap(randomUUID(), wrapped, 'case/health')).rejects.toThrow();
});

it('does not unwrap for another case or section', async () => {
  const [keys, organisation] = [fileKeys(folder), randomUUID()];
  const wrapped = await keys.wrap(organisation, dataKey, 'case/health');
  await expect(keys.unwrap(organisation, wrapped, 'case/identity')).rejects.toThrow();
  await expect(keys.unwrap(organisation, wrapped, 'another/health')).rejects.toThrow();
});

it('does not unwrap what was changed by one bit, wherever it is', async () => {
  const [keys, organisation] = [fileKeys(folder), randomUUID()];
  const wrapped = await keys.wrap(organisation, dataKey, 'case/health');
  for (let byte = 0; byte < wrapped.length; byte += 1) {
    const changed = Buffer.from(wrapped);
    changed[byte] = (changed[byte] ?? 0) ^ 1;
    await expect(keys.unwrap(organisation, changed, 'case/health')).rejects.toThrow();
  }
});

it('makes one key for an organisation, however many ask at once', async () => {
  const organisation = randomUUID();
  const rings = Array.from({ length: 8 }, () => fileKeys(folder));
  const wrapped = await Promise.all(
    rings.map((ring) => ring.wrap(organisation, dataKey, 'case/health')),
  );
  for (const one of wrapped)
    expect(await fileKeys(folder).unwrap(organisation, one, 'case/health')).toEqual(dataKey);
});

it('keeps keys where this account alone may read them', async () => {
  await fileKeys(folder).hashKey();
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    expect((await stat(path)).mode & 0o077).toBe(0);
    expect(await readFile(path)).toHaveLength(32);
  }
});
