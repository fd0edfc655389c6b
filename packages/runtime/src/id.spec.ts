import { expect, it } from 'vitest';
import { field } from './grpc/fields.ts';
import { normalizeId } from './id.ts';

const ID = '0b6f3c1e-7c1b-4a55-9a60-0f8f5d1c2a01';
const CAPITALS = ID.toUpperCase();

it('an id in capitals is read as the same id in small letters, by every rule for ids', () => {
  expect(field.id.parse(CAPITALS)).toBe(ID);
  expect(field.optionalId.parse(CAPITALS)).toBe(ID);
  expect(field.ids.parse([CAPITALS])).toEqual([ID]);
});

it('an empty optional id is read as undefined', () =>
  expect(field.optionalId.parse('')).toBeUndefined());

it.each(['x', `{${ID}}`, `urn:uuid:${ID}`, ID.replaceAll('-', ''), ` ${ID}`, `${ID}\n`])(
  '%j is refused as an id, although PostgreSQL would accept some of these',
  (text) => {
    expect(field.id.safeParse(text).error?.issues[0]?.message).toBe('must be a UUID');
    expect(field.optionalId.safeParse(text).success).toBe(false);
  },
);

it('an idempotency key that is a UUID gets its normal form, and any other key stays as it is', () => {
  expect(normalizeId(CAPITALS)).toBe(ID);
  expect(normalizeId('My-Key:7')).toBe('My-Key:7');
});
