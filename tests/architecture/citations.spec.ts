import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PAGES = 'docs/architecture';
const WHERE = '{packages,services,infra,tests,bench,proto,docs}/**/*.{ts,sql,proto,md}';

const files = globSync([WHERE, '*.md'], {
  exclude: (path) => /node_modules|(^|\/)gen(\/|$)|citations\.spec/.test(String(path)),
});

const page = (name: string): string => readFileSync(join(PAGES, name), 'utf8');

/** What can be cited of a page: `## 1. …` is a paragraph, `1. …` in `design.md` is a rule. */
const paragraphsOf = (name: string): string[] =>
  [...page(name).matchAll(/^## (\d+)\. /gm)].map(([, number = '']) => number);
const rules = [...page('design.md').matchAll(/^(\d+)\. /gm)].map(([, number = '']) => number);

const PARAGRAPH = /`(matching|domain|road|design)\.md` §(\d+)/g;
const RULE = /design(?:\s|\*)+rule (\d+)/g;

function unknownIn(text: string): string[] {
  const paragraphs = [...text.matchAll(PARAGRAPH)].filter(
    ([, name = '', number = '']) => !paragraphsOf(`${name}.md`).includes(number),
  );
  const unknownRules = [...text.matchAll(RULE)].filter(
    ([, number = '']) => !rules.includes(number),
  );
  return [...paragraphs, ...unknownRules].map(([cited]) => cited);
}

it('every cited rule and paragraph exists in docs/architecture', () => {
  const unknown = files.flatMap((file) =>
    unknownIn(readFileSync(file, 'utf8')).map((cited) => `${file}: ${cited}`),
  );
  expect(unknown).toEqual([]);
});

it('the check of citations reports a rule or a paragraph that does not exist', () => {
  expect(unknownIn('// (design rule 23) and `domain.md` §8')).toEqual([
    '`domain.md` §8',
    'design rule 23',
  ]);
  expect(unknownIn('// (design rule 22) and `domain.md` §7')).toEqual([]);
});
