import { type Field, messageNamed } from '../language.ts';
import type { Chance } from './chance.ts';

/** The values that the fields of a valid request may have, by the name of the field. */
export interface Vocabulary {
  /** A few ids that all requests share, so that a later request names what an earlier one made. */
  readonly ids: readonly string[];
  readonly codes: ReadonlyMap<string, readonly string[]>;
  readonly now: number;
}

export type Fields = Record<string, unknown>;

const MOMENT = '.google.protobuf.Timestamp';
const HOUR_MS = 3_600_000;

/** Id fields that most requests leave empty. */
const OPTIONAL_ID =
  /^(after|controller|found_together|group|guardian|interpreter|note|renews|replaces|withdrawn|witness)_/;

/** Whether a field holds an id, by the names that the published language uses for them. */
export const isId = ({ name, type }: Field): boolean =>
  type === 'TYPE_STRING' && /(^|_)(ids?|reference)$/.test(name);

/** A request in which most fields are valid, and the ids may exist. */
export function requestOf(chance: Chance, vocabulary: Vocabulary, typeName: string): Fields {
  const fields: Fields = {};
  for (const field of messageNamed(typeName).field ?? []) {
    const one = (): unknown => sampleFor(chance, vocabulary, field);
    const many =
      field.name === 'party' || field.name === 'rooms' || isId(field)
        ? 1 + chance.below(2)
        : chance.below(3);
    fields[field.jsonName] =
      field.label === 'LABEL_REPEATED' ? Array.from({ length: many }, one) : one();
  }
  return fields;
}

function sampleFor(chance: Chance, vocabulary: Vocabulary, field: Field): unknown {
  switch (field.type) {
    case 'TYPE_STRING':
      return textOf(chance, vocabulary, field);
    case 'TYPE_BOOL':
      return chance.happens(0.5);
    case 'TYPE_ENUM':
      return 1 + chance.below(3);
    case 'TYPE_BYTES':
      return Buffer.alloc(1 + chance.below(20), 1);
    case 'TYPE_MESSAGE':
      if (field.typeName === MOMENT)
        return new Date(vocabulary.now + (chance.below(96) - 48) * HOUR_MS);
      return field.label === 'LABEL_REPEATED' || chance.happens(0.9)
        ? requestOf(chance, vocabulary, field.typeName ?? '')
        : undefined;
    default:
      return 1 + chance.below(3);
  }
}

function textOf(chance: Chance, vocabulary: Vocabulary, field: Field): string {
  if (OPTIONAL_ID.test(field.name) && chance.happens(0.7)) return '';
  if (isId(field)) return chance.happens(0.85) ? chance.pick(vocabulary.ids) : chance.uuid();
  const known = vocabulary.codes.get(field.name);
  if (known && known.length > 0 && chance.happens(0.99)) return chance.pick(known);
  return chance.happens(0.7) ? '' : chance.pick([...vocabulary.codes.values()].flat());
}
