import { readFileSync } from 'node:fs';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { expect, it } from 'vitest';
import rules from '../../.dependency-cruiser.json' with { type: 'json' };

/** Lines of `.dockerignore` that let a folder or file through. */
const allowed = readFileSync('.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

it('every file of infra that the job `prepare` imports is in the context of its image', async () => {
  const { output } = await cruise(['infra/docker/prepare.ts'], rules.options as ICruiseOptions);
  const imported = (output as ICruiseResult).modules
    .map(({ source }) => source)
    .filter((source) => source.startsWith('infra/'));
  expect(imported.length).toBeGreaterThan(5);
  const isIn = (file: string): boolean =>
    allowed.some((one) => one !== 'infra' && (file === one || file.startsWith(`${one}/`)));
  expect(imported.filter((file) => !isIn(file))).toEqual([]);
});
