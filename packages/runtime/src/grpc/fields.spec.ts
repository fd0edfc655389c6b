import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codesOf, field, setOf } from './fields.ts';

const ID = '0b6f3c1e-7c1b-4a55-9a60-0f8f5d1c2a01';

describe('a set in a request', () => {
  it('keeps a repeated entry once, in its first place', () => {
    expect(setOf(z.string()).parse(['b', 'a', 'b'])).toEqual(['b', 'a']);
    expect(field.ids.parse([ID, ID.toUpperCase()])).toEqual([ID]);
    expect(field.codes.parse(['a', 'a'])).toEqual(['a']);
    expect(codesOf([{ code: 'a' }], 'letter').parse(['a', 'a'])).toEqual(['a']);
  });

  it('is counted as it was sent, so a list that is too long is refused before it is read', () => {
    const rule = setOf(z.string(), { most: 2 });
    expect(rule.safeParse(['a', 'a', 'a']).error?.issues[0]?.message).toBe(
      'must be at most 2 entries',
    );
  });

  it('must have an entry when one is required', () =>
    expect(setOf(z.string(), { least: 1 }).safeParse([]).error?.issues[0]?.message).toBe(
      'must have an entry',
    ));
});

describe('a code', () => {
  it.each(['A', 'a b', 'ä', '', 'a'.repeat(65)])(
    'is not %j, because a code has one spelling',
    (text) => expect(field.code.safeParse(text).success).toBe(false),
  );
});

describe('a date', () => {
  it.each(['2012-03-31', '2012-02-29', '1900-01-01'])('is %s', (text) =>
    expect(field.date.parse(text)).toBe(text),
  );

  it.each([
    '31/03/2012',
    'x',
    '',
    '٢٠١٢-٠٣-٣١',
    '2026-02-30',
    '2026-13-01',
    '2011-02-29',
    '0000-00-00',
    '99999-01-01',
    '2012-3-1',
  ])('is not %j, and reading it never throws', (text) => {
    const { error } = field.date.safeParse(text);
    expect(error?.issues[0]?.message).toMatch(
      /^must be a (date like 2009-03-31|day of the calendar)$/,
    );
  });
});

describe('a time of day', () => {
  it.each(['00:00', '23:59'])('is %s', (text) => expect(field.time.parse(text)).toBe(text));

  it.each(['24:00', '9:30', '25:00', '10:00:00', '', '٠٩:٣٠'])('is not %j', (text) =>
    expect(field.time.safeParse(text).error?.issues[0]?.message).toBe('must be a time like 09:30'),
  );

  it('may be 24:00 when it is a closing time', () =>
    expect(field.closingTime.parse('24:00')).toBe('24:00'));
});
