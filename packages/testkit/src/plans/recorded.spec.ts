import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REPOSITORY, type Recorded, recordedOf, remembering, writeRecorded } from './recorded.ts';

const SPEC = relative(REPOSITORY, import.meta.filename);
const name = 'organisation-classes';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opennrm-recorded-'));
  await mkdir(join(folder, '.statements'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes what a spec file ran that many seconds ago. */
async function kept(secondsAgo: number, text: string, ...values: unknown[]): Promise<void> {
  const file = join(folder, '.statements', `${secondsAgo}.json`);
  const statements = { vault: { [name]: { name, text, values } } };
  await writeFile(file, JSON.stringify({ spec: SPEC, statements }));
  const at = Date.now() / 1_000 - secondsAgo;
  await utimes(file, at, at);
}
const found = (): Recorded[] => recordedOf(relative(REPOSITORY, folder), 'vault');

it('recordedOf uses the values of another spec file when the newest has an empty list', async () => {
  await kept(1, 'SELECT $1', []);
  await kept(2, 'SELECT $1', ['a']);
  expect(found()).toEqual([{ name, text: 'SELECT $1', values: [['a']] }]);
});

it('recordedOf ignores the values of a statement whose text has changed since', async () => {
  await kept(1, 'SELECT $1', []);
  await kept(2, 'SELECT $1, 2', ['a']);
  expect(found()).toEqual([{ name, text: 'SELECT $1', values: [[]] }]);
});

it('recordedOf uses the values of a later run of the same file when the first has an empty list', async () => {
  const remember = remembering('spec-of-recorded');
  for (const values of [[[]], [['a']], [['b']]]) remember({ name, text: 'SELECT $1', values });
  writeRecorded();
  expect(recordedOf('packages/testkit', 'spec-of-recorded')).toEqual([
    { name, text: 'SELECT $1', values: [['a']] },
  ]);
});
