import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { namedInSource } from './named-in-source.ts';
import { REPOSITORY } from './recorded.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opennrm-named-'));
  await mkdir(join(folder, 'src'));
});
afterEach(() => rm(folder, { recursive: true }));

async function namesIn(source: string, file = 'reads.ts'): Promise<string[]> {
  await writeFile(join(folder, 'src', file), source);
  return namedInSource(relative(REPOSITORY, folder));
}

it('namedInSource finds a statement by its name', async () => {
  expect(
    await namesIn(
      `const one = { name: 'one', text: 'SELECT 1' };\nquery({\n  name: 'two',\n  text: \`SELECT\` })`,
    ),
  ).toEqual(['one', 'two']);
});

it('namedInSource finds a statement with comments between its name and its text', async () => {
  expect(
    await namesIn(
      `query({\n  name: 'three',\n  // why it is so,\n  // in two lines\n  text: 'SELECT 3' })`,
    ),
  ).toEqual(['three']);
});

it('namedInSource replaces the variable parts of a name, and ignores the statements of specs', async () => {
  expect(await namesIn('query({ name: `timer-lock-$' + '{table}`, text: `SELECT` })')).toEqual([
    'timer-lock-*',
  ]);
  expect(await namesIn(`query({ name: 'of a spec', text: 'SELECT' })`, 'reads.spec.ts')).toEqual([
    'timer-lock-*',
  ]);
});
