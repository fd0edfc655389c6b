import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const lists = globSync('tests/{journeys,faults}/**/*.ts').filter((file) =>
  readFileSync(file, 'utf8').includes("describe('"),
);

interface Named {
  readonly name: string;
  readonly file: string;
}

/** The name and the file in `describe('late-acceptance', () => lateAcceptance(…))`: the file is the one that exports `lateAcceptance`. */
function namedIn(text: string): Named[] {
  const fileOf = (run: string): string =>
    new RegExp(`\\b${run}\\b[^;]*? from '(?:\\./|\\.\\./)(?:[\\w-]+/)*([\\w-]+)\\.ts'`).exec(
      text,
    )?.[1] ?? 'no file';
  return [...text.matchAll(/describe\('([a-z0-9-]+)',\s*\(\) =>\s*(\w+)\(/g)].map(
    ([, name = '', run = '']) => ({ name, file: fileOf(run) }),
  );
}

it('each journey and each fault test has the name of its file', () => {
  const named = lists.flatMap((file) => namedIn(readFileSync(file, 'utf8')));
  expect(named.filter(({ name, file }) => name !== file)).toEqual([]);
  expect(named.length).toBeGreaterThan(50);
});

it('the check of journey names reports a name that differs from its file', () => {
  const text = "import { one } from './one.ts';\ndescribe('two', () => one(theWorld));";
  expect(namedIn(text)).toEqual([{ name: 'two', file: 'one' }]);
});
