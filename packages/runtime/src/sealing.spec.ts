import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadOrCreateKey, seal, unseal } from './sealing.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealing-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('sealed content is opened only with its key, its context and all its bytes', () => {
  const [key, plain] = [randomBytes(32), Buffer.from('content of an invented person')];
  const sealed = seal(key, plain, 'section');
  expect(sealed.includes(plain)).toBe(false);
  expect(unseal(key, sealed, 'section')).toEqual(plain);
  expect(() => unseal(randomBytes(32), sealed, 'section')).toThrow();
  expect(() => unseal(key, sealed, 'another section')).toThrow();
  for (const at of [0, 12, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => unseal(key, changed, 'section')).toThrow();
  }
});

it('the same content is never sealed to the same bytes', () => {
  const key = randomBytes(32);
  expect(seal(key, Buffer.from('yes'), 'a')).not.toEqual(seal(key, Buffer.from('yes'), 'a'));
});

it('loadOrCreateKey creates a key file once for concurrent callers, readable by this account only', async () => {
  const ask = async (file: string, later: number): Promise<string> => {
    for (let turn = 0; turn < later; turn++) await setImmediate();
    return (await loadOrCreateKey(file)).toString('hex');
  };
  for (let round = 0; round < 20; round++) {
    const file = join(folder, `keys-${round}`, 'one.key');
    const keys = await Promise.all(Array.from({ length: 20 }, (_, nth) => ask(file, nth)));
    expect(new Set(keys).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
});

it('two processes that start at the same moment get the same key', async () => {
  const file = join(folder, 'shared', 'one.key');
  const module = new URL('./sealing.ts', import.meta.url).href;
  const program = `import(${JSON.stringify(module)}).then(async (it) => process.stdout.write((await it.loadOrCreateKey(${JSON.stringify(file)})).toString('hex')))`;
  const run = () => promisify(execFile)(process.execPath, ['-e', program]);
  const [one, other] = await Promise.all([run(), run()]);
  expect(one.stdout).toHaveLength(64);
  expect(other.stdout).toBe(one.stdout);
});

it('a truncated key file is refused, so that no weaker key is used', async () => {
  const file = join(folder, 'short.key');
  await writeFile(file, randomBytes(16));
  await expect(loadOrCreateKey(file)).rejects.toThrow('32 bytes');
});
