import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/*
 * One word for one meaning (docs/glossary.md). What is listed here had another name once, or is a figure of speech; whole words alone, so that SQL's
 * LEFT JOIN and reasonable grounds stay.
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

/** Old results, the pipeline that the bench compares with and the bytes of 0.1.0 keep their words. */
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

it('speaks of people as the person and they', () => {
  expect(linesWith(PEOPLE)).toEqual([]);
});

it('has one name for each thing', () => {
  expect(linesWith(banned([...IDENTIFIERS, ...CODES]))).toEqual([]);
});

it('would notice an old name, and nothing that only holds one', () => {
  expect(PEOPLE.test('the shelter tells her')).toBe(true);
  expect(PEOPLE.test('there, here, the other, this, Heidelberg')).toBe(false);
  expect(banned(CODES).test("code: 'tell-her'")).toBe(true);
  expect(banned(IDENTIFIERS).test('nextClockAngle')).toBe(false);
});
