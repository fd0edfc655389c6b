import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const DEFAULT = /^\s*default:/;

it('no switch of a domain has a default, so that a new event or code without a case does not compile', () => {
  const files = globSync('{services/*/src/domain,packages/holding/src}/**/*.ts').filter(
    (file) => !/\.(spec|fixture)\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, nth) => (DEFAULT.test(line) ? [`${file}:${nth + 1}`] : [])),
  );
  expect(found).toEqual([]);
});

it('the check of switches reports a default case, and no variable whose name begins with default', () => {
  expect(DEFAULT.test('    default:')).toBe(true);
  expect(DEFAULT.test("  const defaultAlert = 'x';")).toBe(false);
});
