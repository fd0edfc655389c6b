import { expect, it } from 'vitest';
import { field } from './grpc/fields.ts';
import { normalizeId } from './id.ts';

const ID = '0b6f3c1e-7c1b-4a55-9a60-0f8f5d1c2a01';
const CAPITALS = ID.toUpperCase();

it('reads an id in capitals as the same id in small letters, in every rule for ids', () => {
  expect(field.id.parse(CAPITALS)).toBe(ID);
  expect(field.optionalId.parse(CAPITALS)).toBe(ID);
  expect(field.ids.parse([CAPITALS])).toEqual([ID]);
});

it('reads an optional id that is empty as left out', () =>
  expect(field.optionalId.parse('')).toBeUndefined());

it.each(['x', `{${ID}}`, `urn:uuid:${ID}`, ID.replaceAll('-', ''), ` ${ID}`, `${ID}\n`])(
  'refuses %j as an id: PostgreSQL would read some of these as one',
  (text) => {
    expect(field.id.safeParse(text).error?.issues[0]?.message).toBe('must be a UUID');
    expect(field.optionalId.safeParse(text).success).toBe(false);
  },
);

it('gives an idempotency key that is a UUID one form, and leaves every other key as it is', () => {
  expect(normalizeId(CAPITALS)).toBe(ID);
  expect(normalizeId('My-Key:7')).toBe('My-Key:7');
});
