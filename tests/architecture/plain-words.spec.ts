import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/*
 * One word for one meaning (docs/glossary.md). The words here are old names or figures of speech. Only whole words are searched, so that SQL's
 * LEFT JOIN and reasonable grounds are allowed.
 */
const PEOPLE = /\b(she|her|hers|herself|he|him|his|himself)\b/i;
const IDENTIFIERS = [
  'onVaultWord',
  'vaultSpoke',
  'WordsService',
  'PledgeMade',
  'PledgeKept',
  'pledges',
  'whyHeMayNotSpeak',
  'standsIn',
  'ServiceGround',
  'nextClock',
  'NextClock',
  'runningClocks',
  'PermissionRefused',
  'permissionRefused',
  'statutoryClock',
  'StatutoryClock',
];
const CODES = [
  'tell-her',
  'not-her-guardian',
  'read-to-her',
  'take-back',
  'child-said-no',
  'fit_signal',
  'may-fit',
];

const banned = (words: readonly string[]): RegExp =>
  new RegExp(`(?<![\\w-])(${words.join('|')})(?![\\w-])`);

/** Not checked: old results, the pipeline that the bench compares with, and the bytes of release 0.1.0. */
const OLD =
  /node_modules|(^|\/)gen(\/|$)|bench\/(results|src\/bare)|golden\/0\.1\.0|plain-words\.spec|package-lock/;
const files = globSync(
  [
    '{packages,services,infra,tests,bench,proto,docs}/**/*.{ts,proto,sql,json,jsonl,yaml,yml,md}',
    '*.{ts,json,md}',
  ],
  { exclude: (path) => OLD.test(String(path)) },
).filter((path) => !OLD.test(path));

const linesWith = (pattern: RegExp): string[] =>
  files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${file}: ${line.trim().slice(0, 120)}`),
  );

it('no file uses a pronoun for a man or a woman: people are the person and they', () => {
  expect(linesWith(PEOPLE)).toEqual([]);
});

it('no file uses an old name of a thing', () => {
  expect(linesWith(banned([...IDENTIFIERS, ...CODES]))).toEqual([]);
});

it('the check of plain words reports an old name as a whole word only', () => {
  expect(PEOPLE.test('the shelter tells her')).toBe(true);
  expect(PEOPLE.test('there, here, the other, this, Heidelberg')).toBe(false);
  expect(banned(CODES).test("code: 'tell-her'")).toBe(true);
  expect(banned(IDENTIFIERS).test('nextClockAngle')).toBe(false);
});
