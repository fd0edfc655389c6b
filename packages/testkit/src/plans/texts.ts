/** How many texts a column has at least. */
const CODES = 19;

/** One of so many texts: those that statements ask for, and others that they must not read. */
export function oneOf(asked: readonly string[], many: number, other: string): string {
  const others = Array.from(
    { length: Math.max(0, many - asked.length) },
    (_, nth) => `${other}${nth}`,
  );
  const texts = asked.concat(others);
  // Not by the number alone: each id has its rows at equal distances, and would have one text only.
  return `(${arrayOf(texts)})[1 + n / 7 % ${texts.length}]`;
}

/**
 * A text column. Alone in a unique index its values differ; beside others these make the difference, and each row has one that is asked for: an id has few
 * rows there. In no unique index, most rows have another text than a statement asks for.
 */
export function textOf(unique: readonly string[], asked: readonly string[]): string {
  if (unique.length > 1 && asked.length > 0)
    return `(${arrayOf(asked)})[1 + (n - 1) % ${asked.length}]`;
  if (unique.length === 1) return `coalesce((${arrayOf(asked)})[n], 'v' || n)`;
  return oneOf(asked, CODES, 'code-');
}

const arrayOf = (texts: readonly string[]): string =>
  `ARRAY[${texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')}]::text[]`;
