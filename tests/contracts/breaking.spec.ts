import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { GOLDEN, releases } from './golden.ts';
import { buf } from './language.ts';

const newest = join(GOLDEN, releases().at(-1) ?? '', 'image.binpb');

/** What `buf breaking` says of the language in a folder against the newest release; nothing when all is well. */
function broken(folder = '.'): string {
  try {
    return buf(['breaking', '--against', resolve(newest)], folder).toString();
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? error);
  }
}

it('does not break what the newest release said', () => {
  expect(broken()).toBe('');
});

it('is checked against the newest release by `npm run check`', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(scripts.check).toContain(`buf breaking --against ${newest}`);
});

it.each([
  ['a field whose number changed', 'string site_id = 2', 'string site_id = 7', 'Previously present field "2"'],
  ['a field that was renamed', 'string site_id = 2', 'string house_id = 2', 'from "site_id" to "house_id"'],
  ['an event that is gone', '    BedHeld bed_held = 1;\n', '', 'Previously present field "1" with name "bed_held"'],
])('would notice %s', async (_, was, is, said) => {
  const folder = await mkdtemp(join(tmpdir(), 'opennrm-proto-'));
  try {
    for (const path of ['proto', 'buf.yaml']) await cp(path, join(folder, path), { recursive: true });
    const file = join(folder, 'proto/opennrm/shelter_capacity/v1/for_referral.proto');
    const text = await readFile(file, 'utf8');
    expect(text).toContain(was);
    await writeFile(file, text.replace(was, is));
    expect(broken(folder)).toContain(said);
  } finally {
    await rm(folder, { recursive: true });
  }
});
