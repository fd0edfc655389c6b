import { type Explained, PAGE } from './explain.ts';
import type { Recorded } from './recorded.ts';
import {
  foundRows,
  lookUpsOf,
  type PlanNode,
  pagesTouched,
  placesOf,
  readsOf,
  rowsLookedAt,
  rowsRead,
  rowsWanted,
} from './rows-read.ts';

/** A statement that may read more than others. */
export interface ReadsMore {
  readonly rows: number;
  readonly cause: string;
}

/** Rows that may be read for each row that is wanted, and for each place of the page. */
const PER_ROW = 20;
/** A table of so many rows may be read from end to end by a statement that cannot be run here. */
const SMALL = 1_000;
/** No table that is small by nature has more. */
const SMALL_BY_NATURE = 5_000;
/**
 * A look-up goes down three pages of an index of 200,000 rows to one of the table; each further row may lie on a page of its own, and fifty entries at least
 * stand on one page of an index. Measured: `referral-timeline` comes nearest, with 759 pages for its 750 rows where 789 are allowed. To read an index from
 * end to end is over it, for a page of fifty rows and, where the index is unique (more than five hundred pages), for five hundred.
 */
const PAGES_PER_LOOK_UP = 4;
const PAGES_PER_ROW = 1 + 1 / 50;
const PAGES_AT_LEAST = 20;

type Run = Pick<Recorded, 'text' | 'values'>;

/** What a statement that was run did too much of. */
export function faultsOf(one: Run, plan: PlanNode, more?: ReadsMore): string[] {
  const allowed = more?.rows ?? PER_ROW * (pageOf(one) + rowsWanted(plan));
  const read = rowsRead(plan);
  if (read > allowed)
    return [`${Math.round(read)} rows read, ${Math.round(allowed)} allowed`].concat(placesOf(plan));
  const pages = pagesTouched(plan);
  const lookUps = lookUpsOf(plan) + longestListOf(one);
  const allowedPages = PAGES_AT_LEAST + PAGES_PER_LOOK_UP * lookUps + PAGES_PER_ROW * read;
  return pages > allowedPages
    ? [`${pages} pages touched, ${Math.round(allowedPages)} allowed`].concat(placesOf(plan))
    : [];
}

/**
 * Large tables that it reads from end to end. Where it was run, a scan that a LIMIT ended is none, and what a table that is small by nature gives is counted
 * with the rows.
 */
export const scansOf = (
  { plan, ran }: Explained,
  counts: ReadonlyMap<string, number>,
  more?: ReadsMore,
): string[] =>
  readsOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .filter((node) => {
      const rows = counts.get(node['Relation Name'] ?? '') ?? 0;
      const mayBeSeen = Math.max(rows / 2, more?.rows ?? 0);
      return ran ? rows > SMALL_BY_NATURE && rowsLookedAt(node) > mayBeSeen : rows > SMALL;
    })
    .map((node) => `Seq Scan ${node['Relation Name']}`);

/** It reads tables, and no sample found a row: what it costs was not measured. */
export const findsNothing = (samples: readonly Explained[]): boolean => {
  const read = samples.filter(({ plan, ran }) => ran && readsOf(plan).length > 0);
  return read.length > 0 && !read.some(({ plan }) => foundRows(plan));
};

/**
 * What a statement asks for: its page, or as many as the longest list of ids that it is given. The LIMIT of a part in parentheses is no page: what such
 * a part reads is not what the statement gives.
 */
const pageOf = (one: Run): number => {
  const limits = Array.from(
    outermostOf(one.text).matchAll(/LIMIT (\$)?(\d+)/g),
    ([, isParameter, number]) => (isParameter ? PAGE : Number(number)),
  );
  return Math.max(1, longestListOf(one), ...limits);
};

function outermostOf(text: string): string {
  const without = text.replaceAll(/\([^()]*\)/g, '');
  return without === text ? text : outermostOf(without);
}

const longestListOf = ({ values }: Run): number =>
  Math.max(0, ...values.map((value) => (Array.isArray(value) ? value.length : 0)));
