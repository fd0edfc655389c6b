import { isId } from './ids.ts';

interface Comparing {
  readonly text: string;
  readonly values: readonly unknown[];
}

const PARAMETER = /(\w+) (?:=|<=|>=|<|>) (?:ANY \()?\$(\d+)/g;
const LITERAL = /(\w+) (?:=|<=|>=|<|>) '([^']*)'/g;
const LIST = /(\w+) IN \(('[^)]*')\)/g;
/** `(topic, position) > ($1, $2)` */
const ROW = /\((?<columns>[\w., ]+)\) (?:=|<=|>=|<|>) \((?<values>[^)]*)\)/g;
/** `unnest($1::text[], $2::int[]) AS s (key, epoch)`: its columns have the names of the columns that they are compared with. */
const UNNESTED = /unnest\((?<values>[^)]*)\)(?: WITH ORDINALITY)? AS \w+ \((?<columns>[\w., ]+)\)/g;

/** The column that each parameter of a statement is compared with, by the parameter's index in the values. */
export function comparedColumns(text: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [, column = '', nth] of text.matchAll(PARAMETER)) found.set(Number(nth) - 1, column);
  for (const { groups } of [ROW, UNNESTED].flatMap((pattern) =>
    Array.from(text.matchAll(pattern)),
  )) {
    const values = groups?.values?.split(',') ?? [];
    for (const [at, column] of (groups?.columns ?? '').split(',').entries()) {
      const nth = /\$(\d+)/.exec(values[at] ?? '')?.[1];
      if (nth !== undefined) found.set(Number(nth) - 1, lastNameOf(column));
    }
  }
  return found;
}

/**
 * The texts that statements compare columns with, by the column's name. When a table holds none of them, the statement finds no row and
 * its cost is not measured. Ids are omitted, because each is replaced by one that the tables have. An empty text is the beginning of a
 * list and matches nothing.
 */
export function comparedTexts(
  statements: readonly Comparing[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const add = (column: string, value: unknown): void => {
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one === 'string' && one !== '' && !isId(one))
        found.set(column, (found.get(column) ?? new Set()).add(one));
  };
  for (const { text, values } of statements) {
    for (const [at, column] of comparedColumns(text)) add(column, values[at]);
    for (const [, column = '', literal] of text.matchAll(LITERAL)) add(column, literal);
    for (const [, column = '', list = ''] of text.matchAll(LIST)) add(column, textsIn(list));
  }
  return new Map([...found].map(([column, texts]) => [column, [...texts].sort()]));
}

const textsIn = (list: string): string[] =>
  [...list.matchAll(/'([^']*)'/g)].map(([, one = '']) => one);

/** `j.topic` is the column `topic`. */
const lastNameOf = (column: string): string => column.trim().replace(/^.*\./, '');
