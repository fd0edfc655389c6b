import type { Chance } from './chance.ts';
import type { Fields } from './messages.ts';

/** Texts that are known to break parsers, databases and comparisons. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  'x',
  '\u0000',
  'a\u0000b',
  '31/03/2012',
  '٢٠١٢-٠٣-٣١',
  '2026-02-30',
  '2026-13-01',
  '0000-00-00',
  '99999-01-01',
  '24:00',
  '25:61',
  '10:00:00',
  'P1D',
  '-1',
  '1e309',
  'NaN',
  '9'.repeat(30),
  "'; SELECT 1; --",
  '{"a":1}',
  '__proto__',
  'constructor',
  'toString',
  'arived',
  'EN',
  'İ',
  '😀'.repeat(40),
  'Synthetic-Word-Of-Nobody',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '00000000-0000-0000-0000-000000000000',
  `${'a'.repeat(8)}-${'b'.repeat(4)}`,
  'x'.repeat(20_000),
];
const NUMBERS: readonly number[] = [
  -1, 0, 1, 2, 7, 99, 65_536, 2_147_483_647, 2_147_483_648, 4_294_967_295,
];
const MOMENTS: readonly number[] = [
  -8_640_000_000_000_000, -62_135_596_800_001, -1, 0, 1, 946_684_799_999, 4_102_444_800_000,
  253_402_300_799_999, 253_402_300_800_000, 8_640_000_000_000_000,
];
const MANY = 300;

/** One field or element of a message, at any depth. */
interface Slot {
  readonly holder: Record<string | number, unknown>;
  readonly name: string | number;
}

function slotsIn(holder: Slot['holder']): Slot[] {
  return Object.keys(holder).flatMap((key): Slot[] => {
    const name = Array.isArray(holder) ? Number(key) : key;
    const content = holder[name];
    const inside = isHolder(content) ? slotsIn(content) : [];
    return [{ holder, name }, ...inside];
  });
}

const isHolder = (content: unknown): content is Slot['holder'] =>
  typeof content === 'object' &&
  content !== null &&
  !(content instanceof Date) &&
  !(content instanceof Uint8Array);

/** The request with one or two of its values changed. It can still be encoded, unless a number does not fit its field. */
export function mutated(chance: Chance, request: Fields): Fields {
  const copy = structuredClone(request);
  for (let remaining = 1 + chance.below(2); remaining > 0; remaining--) {
    const slots = slotsIn(copy);
    if (slots.length > 0) mutateSlot(chance, chance.pick(slots));
  }
  return copy;
}

function mutateSlot(chance: Chance, { holder, name }: Slot): void {
  const content = holder[name];
  if (typeof content === 'string')
    holder[name] = chance.happens(0.2) ? content.toUpperCase() : chance.pick(TEXTS);
  else if (typeof content === 'number') holder[name] = chance.pick(NUMBERS);
  else if (typeof content === 'boolean') holder[name] = !content;
  else if (content instanceof Date)
    holder[name] = chance.happens(0.2) ? undefined : new Date(chance.pick(MOMENTS));
  else if (content instanceof Uint8Array)
    holder[name] = Buffer.alloc(chance.pick([0, 1, 50_000]), 7);
  else if (Array.isArray(content)) holder[name] = otherList(chance, content);
  else if (isHolder(content) && !Array.isArray(holder)) holder[name] = undefined;
}

function otherList(chance: Chance, list: readonly unknown[]): unknown[] {
  const [first] = list;
  if (first === undefined || chance.happens(0.3)) return [];
  if (chance.happens(0.5)) return [...list, structuredClone(first)];
  return Array.from({ length: MANY }, () => structuredClone(first));
}

/** The bytes of a request with one byte changed, or with the end cut off. */
export function mutatedBytes(chance: Chance, bytes: Buffer): Buffer {
  if (bytes.length === 0) return Buffer.from([chance.below(256)]);
  const at = chance.below(bytes.length);
  if (chance.happens(0.2)) return bytes.subarray(0, at);
  const copy = Buffer.from(bytes);
  copy[at] = chance.below(256);
  return copy;
}
