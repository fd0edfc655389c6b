import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/*
 * Figures of speech of earlier versions, with the plain term for each (docs/glossary.md). Searched in comments and in the titles of tests; a word
 * with a technical meaning of its own is not listed.
 */
const FIGURES: Readonly<Record<string, string>> = {
  noes: 'denials',
  'a no': 'a denial, a decline, a refusal',
  'a yes': 'an acceptance, an agreement',
  hears: 'receives, is notified of',
  spoke: 'announced, stated',
  told: 'notified, announced',
  tells: 'notifies, announces',
  'be it': 'also where',
  'takes? back': 'withdraws, releases',
  'taken back': 'withdrawn, released',
  'go(es)? on': 'continues',
  whoever: 'the role, or: everyone who',
  whomever: 'the role, or: everyone whom',
  'the road': 'the referral process',
  lands: 'is started, ends well',
  'is gone': 'is deleted, has expired',
  'looks at': 'checks, reads',
  'looked at': 'checked, read',
};
const FIGURE = new RegExp(`(?<![\\w-])(${Object.keys(FIGURES).join('|')})(?![\\w-])`, 'i');

const files = globSync('{packages,services,infra,tests,bench,proto}/**/*.{ts,proto,sql}', {
  exclude: (path) =>
    /node_modules|(^|\/)gen(\/|$)|plain-prose\.spec|bench\/src\/bare/.test(String(path)),
});

/** The comment or the title in a line; empty where there is none. */
function proseOf(line: string): string {
  const text = line.trim();
  if (/^(\/\/|\/\*|\*|--)/.test(text)) return text;
  const comment = / \/\/ .*$/.exec(line)?.[0] ?? '';
  const title = /^\s*(?:it|describe)(?:\.each)?\(\s*(['`])(.*)\1/.exec(line)?.[2] ?? '';
  return `${comment} ${title}`.trim();
}

it('no comment and no title of a test uses a figure of speech', () => {
  expect(files.length).toBeGreaterThan(700);
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, nth) => {
        const figure = FIGURE.exec(proseOf(line))?.[0];
        return figure === undefined ? [] : [`${file}:${nth + 1}: ${figure}`];
      }),
  );
  expect(found, JSON.stringify(FIGURES, null, 1)).toEqual([]);
});

it('the check of prose reads comments and titles, and no code', () => {
  expect(FIGURE.test(proseOf('  // The shelter is told at once.'))).toBe(true);
  expect(FIGURE.test(proseOf("it('the vault spoke of it', () => {"))).toBe(true);
  expect(FIGURE.test(proseOf("const told = 'told';"))).toBe(false);
  expect(FIGURE.test(proseOf('// The notification was retold.'))).toBe(false);
});
