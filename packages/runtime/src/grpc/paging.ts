import { z } from 'zod';

/** A position in a list, by the columns that the list is ordered by: numbers, ids and codes. */
export type PagePosition = Readonly<Record<string, number | string>>;

type As<First extends PagePosition> = {
  readonly [Name in keyof First]: First[Name] extends number ? number : string;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CODE = /^[0-9a-z-]{1,64}$/;
const MAX_TOKEN_LENGTH = 400;
const NUMBER = /^-?\d{1,16}$/;

/** Before every id: where an ascending list starts. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** After every id: where a list that begins with the newest entry starts. */
export const LATEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Pages of a list: reads the token of the previous page and writes that of the next. `first` is the position where the list begins, and
 * it defines what each part is: a number, an id or a code. Any other token is refused as `page_token` and never reaches the database.
 *
 * `order` names the order of a list when another order has tokens with the same parts. It is the first part of each token, and a token
 * without it is refused. Read in the opposite direction, a token would skip rows that were not read yet.
 */
export function pagingBy<const First extends PagePosition>(first: First, order?: string) {
  const names = Object.keys(first);
  const prefix = order === undefined ? '' : `${order}_`;
  const isPart = (name: string, text: string): boolean => {
    const part = first[name];
    if (typeof part === 'number') return NUMBER.test(text) && Number.isSafeInteger(Number(text));
    return typeof part === 'string' && UUID.test(part) ? UUID.test(text) : CODE.test(text);
  };
  const read = (token: string): As<First> => {
    const parts = token.slice(prefix.length).split('_');
    const position = names.map((name, nth) => [
      name,
      typeof first[name] === 'number' ? Number(parts[nth]) : parts[nth],
    ]);
    return Object.fromEntries(position) as As<First>;
  };
  const isToken = (token: string): boolean => {
    if (token.length > MAX_TOKEN_LENGTH || !token.startsWith(prefix)) return false;
    const parts = token.slice(prefix.length).split('_');
    return (
      parts.length === names.length && names.every((name, nth) => isPart(name, parts[nth] ?? ''))
    );
  };
  return {
    pageToken: z
      .string()
      .refine((token) => token === '' || isToken(token), 'must be the token of the page before')
      .transform((token) => (token === '' ? (first as As<First>) : read(token))),
    /** Empty when the page was not full: there is no next page. */
    nextPageToken<Row>(
      rows: readonly Row[],
      pageSize: number,
      positionOf: (row: Row) => As<First>,
    ): string {
      const last = rows.length === pageSize ? rows.at(-1) : undefined;
      if (last === undefined) return '';
      const position = positionOf(last);
      return prefix + names.map((name) => String(position[name])).join('_');
    },
  };
}
