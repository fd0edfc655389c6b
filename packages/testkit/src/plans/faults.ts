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

/** An exception for a statement that may read more rows than others. */
export interface ReadsMore {
  readonly rows: number;
  readonly cause: string;
}

/** Rows that may be read for each wanted row, and for each place of the page. */
const PER_ROW = 20;
/** A statement that cannot be run here may read a whole table of up to this number of rows. */
const SMALL = 1_000;
/** The largest number of rows of a table that is small by nature. */
const SMALL_BY_NATURE = 5_000;
/**
 * A look-up reads three pages of an index of 200,000 rows and one page of the table. Each further row may be on another page, and a page
 * of an index holds at least fifty entries. Measured: `referral-timeline` is nearest to the limit, with 759 pages for its 750 rows where
 * 789 are allowed. Reading a whole index exceeds the limit for a page of fifty rows and, when the index is unique (more than five hundred
 * pages), also for five hundred rows.
 */
const PAGES_PER_LOOK_UP = 4;
const PAGES_PER_ROW = 1 + 1 / 50;
const PAGES_AT_LEAST = 20;

type Run = Pick<Recorded, 'text' | 'values'>;

/** What a statement that was run read beyond its limits. */
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
 * Large tables that a statement reads completely. When it was run, a scan that a LIMIT ended does not count, and the rows of a table that
 * is small by nature count with the rows read.
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

/** Whether a statement reads tables and no sample found a row, so that its cost was not measured. */
export const findsNothing = (samples: readonly Explained[]): boolean => {
  const read = samples.filter(({ plan, ran }) => ran && readsOf(plan).length > 0);
  return read.length > 0 && !read.some(({ plan }) => foundRows(plan));
};

/**
 * The number of rows that a statement requests: its page, or the length of its longest list of ids. The LIMIT of a part in parentheses
 * does not count, because that part is not the result.
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
