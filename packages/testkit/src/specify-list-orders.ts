import { describe, expect, it } from 'vitest';

export interface ListPage {
  readonly ids: readonly string[];
  readonly nextPageToken: string;
}

/** A list that is read page by page, as its rpc returns it. */
export interface OrderedList<Row> {
  /** The order in words, for the title. */
  readonly order: string;
  readonly direction: 'ascending' | 'descending';
  /** The sort key of a row. No two rows have the same. */
  readonly positionOf: (row: Row) => readonly (number | string)[];
  /** The id of a row in a page. */
  readonly idOf: (row: Row) => string;
  readonly has: (row: Row) => boolean;
  readonly add: (row: Row) => Promise<unknown>;
  readonly page: (pageToken: string) => Promise<ListPage>;
}

export interface RowsOfLists<Row> {
  /** More rows than one page, several at each moment, and not in order. */
  readonly atTheStart: () => readonly Row[];
  /** Rows before, among and after those at the start. */
  readonly between: () => readonly Row[];
}

/** Rows are added after each of the first pages. */
const TURNS = 3;

/** Compares each list with an order that is computed from its rows. Each spec needs tables that are empty at its start. */
export function specifyListOrders<Row>(
  lists: Readonly<Record<string, OrderedList<Row>>>,
  { atTheStart, between }: RowsOfLists<Row>,
): void {
  describe.each(Object.entries(lists))('the list of %s', (_name, list) => {
    it(`is ${list.order}, page by page, also when several rows have the same moment`, async () => {
      const rows = await added(list, atTheStart());
      const pages = await pagesOf(list, async () => undefined);
      expect(pages.length).toBeGreaterThan(2);
      expect(pages.flat()).toEqual(inOrder(rows, list));
    });

    it('shows each row once when rows are added between two pages', async () => {
      const rows = await added(list, atTheStart());
      const known = [...rows];
      let turns = 0;
      const pages = await pagesOf(list, async () => {
        turns += 1;
        if (turns <= TURNS) known.push(...(await added(list, between())));
      });
      const [seen, ids] = [pages.flat(), new Set(rows.map(list.idOf))];
      expect(seen.filter((id) => ids.has(id))).toEqual(inOrder(rows, list));
      expect(seen).toEqual(inOrder(known, list).filter((id) => seen.includes(id)));
    });
  });
}

async function added<Row>(list: OrderedList<Row>, rows: readonly Row[]): Promise<Row[]> {
  for (const row of rows) await list.add(row);
  return rows.filter(list.has);
}

/** Reads every page to the last, and calls `betweenTwo` between every two. */
async function pagesOf<Row>(
  list: OrderedList<Row>,
  betweenTwo: () => Promise<unknown>,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let pageToken = ''; ; await betweenTwo()) {
    const page = await list.page(pageToken);
    pages.push([...page.ids]);
    if (page.nextPageToken === '') return pages;
    pageToken = page.nextPageToken;
  }
}

function inOrder<Row>(
  rows: readonly Row[],
  { direction, positionOf, idOf }: OrderedList<Row>,
): string[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .toSorted((one, other) => sign * compared(positionOf(one), positionOf(other)))
    .map(idOf);
}

function compared(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  for (const [nth, part] of one.entries()) {
    const against = other[nth] ?? '';
    if (part !== against) return part < against ? -1 : 1;
  }
  return 0;
}
