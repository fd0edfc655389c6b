/** The smallest number of texts in a column. */
const CODES = 19;

/** An expression for one of `many` texts: those that statements request, and others that they must not read. */
export function oneOf(asked: readonly string[], many: number, other: string): string {
  const others = Array.from(
    { length: Math.max(0, many - asked.length) },
    (_, nth) => `${other}${nth}`,
  );
  const texts = asked.concat(others);
  // Not by `n` alone: the rows of each id are at equal distances, and would all have the same text.
  return `(${arrayOf(texts)})[1 + n / 7 % ${texts.length}]`;
}

/**
 * An expression for a text column. Alone in a unique index its values differ. With other columns in the index these differ, and each row
 * has a requested text, because an id has few rows. In no unique index, most rows have another text than a statement requests.
 */
export function textOf(unique: readonly string[], asked: readonly string[]): string {
  if (unique.length > 1 && asked.length > 0)
    return `(${arrayOf(asked)})[1 + (n - 1) % ${asked.length}]`;
  if (unique.length === 1) return `coalesce((${arrayOf(asked)})[n], 'v' || n)`;
  return oneOf(asked, CODES, 'code-');
}

const arrayOf = (texts: readonly string[]): string =>
  `ARRAY[${texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')}]::text[]`;
