const remembered = <Value>(find: (text: string) => Value): ((text: string) => Value) => {
  const known = new Map<string, Value>();
  return (text) => {
    const found = known.get(text) ?? find(text);
    known.set(text, found);
    return found;
  };
};

/** The tables that a statement writes. `SET` follows in ON CONFLICT … DO UPDATE SET, and is none. */
export const tablesWrittenBy = remembered((text) =>
  Array.from(
    text.matchAll(/\b(?:INSERT INTO|UPDATE|DELETE FROM) (?!SET\b)(\w+)/g),
    ([, table = '']) => table,
  ),
);

export const wordsOf = remembered((text): ReadonlySet<string> => new Set(text.match(/\w+/g)));
