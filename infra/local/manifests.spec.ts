import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifests, readManifests } from './manifests.ts';
import { scratchDirectory } from './reaper/scratch.ts';

let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
beforeEach(async () => {
  scratch = await scratchDirectory('manifests');
});
afterEach(() => scratch.remove());

async function addService(folder: string, manifest?: object): Promise<void> {
  await mkdir(join(scratch.path, folder), { recursive: true });
  if (manifest)
    await writeFile(
      join(scratch.path, folder, 'service.ts'),
      `export default ${JSON.stringify(manifest)};\n`,
    );
}

const lawyers = { name: 'lawyers', ports: { grpc: 15_060, health: 9_110 } };

it('finds the services of this repository by their ports', () => {
  expect(manifests.map(({ name }) => name)).toEqual([
    'referral',
    'shelter-capacity',
    'case-vault',
    'identification-intake',
  ]);
});

it('finds a service by its folder alone', async () => {
  await addService('lawyers', lawyers);
  await addService('doctors', { name: 'doctors', ports: { grpc: 15_059, health: 9_109 } });
  expect((await readManifests(scratch.path)).map(({ name }) => name)).toEqual([
    'doctors',
    'lawyers',
  ]);
});

describe('refuses a service folder, by file, field and rule', () => {
  it.each<[string, object | undefined, RegExp]>([
    ['without a manifest', undefined, /lawyers.service\.ts: there is none/],
    ['whose manifest is empty', {}, /service\.ts: name: .*\n.*service\.ts: ports: /],
    ['whose manifest lacks the ports', { name: 'lawyers' }, /service\.ts: ports: /],
    [
      'with a port that the system may give to others',
      { ...lawyers, ports: { grpc: 40_000, health: 9_110 } },
      /ports\.grpc: .*32767/,
    ],
    ['with the name of another folder', { ...lawyers, name: 'doctors' }, /name: must be lawyers/],
    ['with a field that there is not', { ...lawyers, port: 1 }, /Unrecognized key: "port"/],
    [
      'whose keys have no environment variable',
      { ...lawyers, keys: { setting: 'key dir', volume: 'keys' } },
      /keys\.setting: must be the name of an environment variable/,
    ],
  ])('%s', async (_what, manifest, message) => {
    await addService('lawyers', manifest);
    await expect(readManifests(scratch.path)).rejects.toThrow(message);
  });

  it('with a port that another service claims', async () => {
    await addService('lawyers', lawyers);
    await addService('doctors', { name: 'doctors', ports: { grpc: 15_061, health: 9_110 } });
    await expect(readManifests(scratch.path)).rejects.toThrow(
      /port 9110 is claimed by .* and .*: each needs its own/,
    );
  });
});
