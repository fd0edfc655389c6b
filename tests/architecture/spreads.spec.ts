import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const files = globSync('{packages,services,infra,tests,bench}/**/*.ts', {
  exclude: (path) =>
    /node_modules|(^|\/)gen(\/|$)|bench\/src\/bare|spreads\.spec/.test(String(path)),
});

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Whether the bracket at this position is a whole literal. It is not in `...[1, 2].map(…)`, where something is called on it. */
function isLiteral(text: string, opens: number): boolean {
  const [open = '', close = ''] = [text[opens], CLOSING[text[opens] ?? '']];
  let depth = 0;
  for (let at = opens; at < text.length; at++) {
    if (text[at] === open) depth++;
    if (text[at] === close && --depth === 0) return !/^\s*[.[(:?]/.test(text.slice(at + 1));
  }
  return false;
}

/** Finds `...{ a, b }` and `...[a, b]`: they save lines, and hide names from a search. */
const literalSpreads = (text: string): string[] =>
  [...text.matchAll(/\.\.\.(?=[{[])/g)]
    .filter(({ index }) => isLiteral(text, index + 3))
    .map(({ index }) => text.slice(index, index + 40));

it('no literal is spread into another literal or into a call', () => {
  const found = files.flatMap((file) =>
    literalSpreads(readFileSync(file, 'utf8')).map((spread) => `${file}: ${spread}`),
  );
  expect(found).toEqual([]);
});

it('the check of spreads reports a literal that is spread', () => {
  expect(literalSpreads('const one = { ...{ a: 1 }, b };')).toHaveLength(1);
  expect(literalSpreads('call(...[first, second], third)')).toHaveLength(1);
  expect(literalSpreads('[...[1, 2].map(twice), ...rest, ...(a ? [b] : [])]')).toEqual([]);
});
