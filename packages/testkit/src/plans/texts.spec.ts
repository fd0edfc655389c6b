import { expect, it } from 'vitest';
import { oneOf, textOf } from './texts.ts';

it('a column holds each requested text, and other texts', () => {
  expect(oneOf(['open', "it's"], 3, 'code-')).toBe(
    "(ARRAY['open', 'it''s', 'code-0']::text[])[1 + n / 7 % 3]",
  );
});

it('a column holds all requested texts, also when these are more than its usual number', () => {
  expect(oneOf(['a', 'b', 'c'], 2, 'code-')).toBe("(ARRAY['a', 'b', 'c']::text[])[1 + n / 7 % 3]");
});

it('a text column that is alone in a unique index differs from row to row', () => {
  expect(textOf(['id'], ['asked'])).toBe("coalesce((ARRAY['asked']::text[])[n], 'v' || n)");
});

it('a text column in a unique index of several columns holds a requested text in each row, and any other text column in few rows', () => {
  expect(textOf(['topic', 'key'], ['a.b.v1'])).toBe("(ARRAY['a.b.v1']::text[])[1 + (n - 1) % 1]");
  expect(textOf([], ['health'])).toMatch(
    /^\(ARRAY\['health', 'code-0'.*\]::text\[\]\)\[1 \+ n \/ 7 % 19\]$/,
  );
});
