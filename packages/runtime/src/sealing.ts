import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError } from './config.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D): a fresh random nonce, the tag, the sealed bytes. `context` is authenticated with them. */
export function seal(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws when a byte of the sealed content or its context was changed. */
export function unseal(key: Buffer, sealed: Buffer, context: string): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(context))
    .setAuthTag(tag);
  return Buffer.concat([
    decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
    decipher.final(),
  ]);
}

const KEY_BYTES = 32;

/** A key of 32 bytes in a file that only this account may read, created at the first call. For development and tests. */
export async function loadOrCreateKey(path: string): Promise<Buffer> {
  const found = await readFile(path).catch(() => undefined);
  if (found) return checkedKey(found);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, randomBytes(KEY_BYTES), { mode: 0o600 });
  // The first of several processes creates the key: a link fails when the file already exists, and all processes read the same key.
  await link(draft, path).catch(() => undefined);
  await rm(draft);
  return checkedKey(await readFile(path));
}

function checkedKey(key: Buffer): Buffer {
  if (key.length !== KEY_BYTES) throw new ConfigurationError('a key file does not hold 32 bytes');
  return key;
}
