import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyRing } from './key-ring.ts';
import { seal, unseal } from './seal.ts';

const KEY_BYTES = 32;

/** Keys in files, one for each organisation, readable by this process alone: for development and tests. */
export function fileKeys(directory: string): KeyRing {
  const keys = new Map<string, Promise<Buffer>>();
  const keyOf = (name: string): Promise<Buffer> => {
    const known = keys.get(name) ?? readOrMake(directory, name);
    keys.set(name, known);
    return known;
  };
  return {
    wrap: async (organisation, dataKey, context) => seal(await keyOf(organisation), dataKey, context),
    unwrap: async (organisation, wrapped, context) => unseal(await keyOf(organisation), wrapped, context),
    hashKey: () => keyOf('requests'),
  };
}

async function readOrMake(directory: string, name: string): Promise<Buffer> {
  const path = join(directory, `${name}.key`);
  const found = await readFile(path).catch(() => undefined);
  if (found) return whole(found);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(KEY_BYTES), { mode: 0o600 });
  // The first of several processes wins: a link fails where a key is already, and all read the same one.
  await link(draft, path).catch(() => undefined);
  await rm(draft);
  return whole(await readFile(path));
}

function whole(key: Buffer): Buffer {
  if (key.length !== KEY_BYTES) throw new Error('a key file of the vault does not hold 32 bytes');
  return key;
}
