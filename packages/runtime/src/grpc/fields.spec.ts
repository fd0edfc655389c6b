import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codesOf, field, setOf } from './fields.ts';

const ID = '0b6f3c1e-7c1b-4a55-9a60-0f8f5d1c2a01';

describe('a set in a request', () => {
  it('keeps an entry that is named twice once, in its first place', () => {
    expect(setOf(z.string()).parse(['b', 'a', 'b'])).toEqual(['b', 'a']);
    expect(field.ids.parse([ID, ID.toUpperCase()])).toEqual([ID]);
    expect(field.codes.parse(['a', 'a'])).toEqual(['a']);
    expect(codesOf([{ code: 'a' }], 'letter').parse(['a', 'a'])).toEqual(['a']);
  });

  it('is counted as it was sent: a list that is too long is refused before it is read', () => {
    const rule = setOf(z.string(), { most: 2 });
    expect(rule.safeParse(['a', 'a', 'a']).error?.issues[0]?.message).toBe('must be at most 2 entries');
  });

  it('says that it must have an entry, where one is needed', () =>
    expect(setOf(z.string(), { least: 1 }).safeParse([]).error?.issues[0]?.message).toBe('must have an entry'));
});

describe('a code', () => {
  it.each(['A', 'a b', 'ä', '', 'a'.repeat(65)])('is not %j: a code has one spelling', (text) =>
    expect(field.code.safeParse(text).success).toBe(false),
  );
});
