import { expect, it } from 'vitest';
import { oneOf, textOf } from './texts.ts';

it('holds each text that is asked for, among others', () => {
  expect(oneOf(['open', "it's"], 3, 'code-')).toBe(
    "(ARRAY['open', 'it''s', 'code-0']::text[])[1 + n / 7 % 3]",
  );
});

it('holds all that are asked for, where these are more than it has otherwise', () => {
  expect(oneOf(['a', 'b', 'c'], 2, 'code-')).toBe("(ARRAY['a', 'b', 'c']::text[])[1 + n / 7 % 3]");
});

it('differs from row to row where it is alone in a unique index', () => {
  expect(textOf(['id'], ['asked'])).toBe("coalesce((ARRAY['asked']::text[])[n], 'v' || n)");
});

it('is what is asked for in each row where other columns make the difference, and else in few', () => {
  expect(textOf(['topic', 'key'], ['a.b.v1'])).toBe("(ARRAY['a.b.v1']::text[])[1 + (n - 1) % 1]");
  expect(textOf([], ['health'])).toMatch(
    /^\(ARRAY\['health', 'code-0'.*\]::text\[\]\)\[1 \+ n \/ 7 % 19\]$/,
  );
});
