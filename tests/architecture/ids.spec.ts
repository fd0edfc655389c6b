import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** The only file that defines the form of an id in a request. */
const RULE = join('packages', 'runtime', 'src', 'id.ts');

const sources = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => /\.ts$/.test(path) && !/\.(spec|fixture)\.ts$|node_modules|(^|\/)gen\//.test(path),
    )
    .map((path) => join(directory, path));

/** Finds a second rule for ids, or an id that is read as any text. */
const OWN_RULE = /\bz\s*\.\s*(uuid|guid)\(|\b\w*(Id|Ids|Reference)\s*:\s*z\s*\.\s*string\(/;

it('all incoming ids are checked by one rule, so that an id has one spelling everywhere', () => {
  const lines = ['packages', 'services', 'infra'].flatMap(sources).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => path !== RULE && OWN_RULE.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
});

it('the check of ids reports a second rule', () => {
  expect(OWN_RULE.test("unitId: z.string().min(1, 'must not be empty'),")).toBe(true);
  expect(OWN_RULE.test('sub: z.uuid(),')).toBe(true);
});
