import { describe, expect, it } from 'vitest';
import { faultsOf, findsNothing, scansOf } from './faults.ts';
import type { PlanNode } from './rows-read.ts';

/** A look-up by an index, under the node that returns the rows. */
function plan(read: Partial<PlanNode>, top: Partial<PlanNode> = {}): PlanNode {
  const reads = {
    'Node Type': 'Index Scan',
    'Relation Name': 'offer',
    'Actual Rows': 1,
    'Actual Loops': 1,
    ...read,
  };
  return { 'Node Type': 'Limit', 'Actual Rows': 1, 'Actual Loops': 1, ...top, Plans: [reads] };
}
const one = { text: 'SELECT 1 FROM offer WHERE service_id = $1', values: ['a'] };
const page = { text: 'SELECT 1 FROM offer WHERE service_id = $1 LIMIT $2', values: ['a', 50] };

describe('the rows of a statement', () => {
  it('may be twenty for each returned row and each place of its page', () => {
    expect(faultsOf(one, plan({ 'Actual Rows': 40 }))).toEqual([]);
    expect(faultsOf(one, plan({ 'Actual Rows': 41 }))[0]).toBe('41 rows read, 40 allowed');
    expect(faultsOf(page, plan({ 'Actual Rows': 1_020 }))).toEqual([]);
  });

  it('include a row that was read and discarded, in each loop', () => {
    const removed = plan({ 'Actual Rows': 0, 'Actual Loops': 3, 'Rows Removed by Filter': 14 });
    expect(faultsOf(one, removed)[0]).toBe('42 rows read, 40 allowed');
  });

  it('may be as many as the exception for the statement allows, and no more', () => {
    const more = { rows: 100, cause: 'of a spec' };
    expect(faultsOf(one, plan({ 'Actual Rows': 100 }), more)).toEqual([]);
    expect(faultsOf(one, plan({ 'Actual Rows': 101 }), more)[0]).toBe('101 rows read, 100 allowed');
  });
});

describe('the pages of a statement', () => {
  it('may be few for each look-up and each row', () => {
    expect(faultsOf(one, plan({ 'Shared Hit Blocks': 5 }))).toEqual([]);
    expect(
      faultsOf(page, plan({ 'Actual Rows': 50, 'Shared Hit Blocks': 60, 'Shared Read Blocks': 5 })),
    ).toEqual([]);
  });

  it('may be one for each row, and some for the index', () => {
    const many = { text: 'SELECT 1 FROM offer WHERE service_id = $1 LIMIT 500', values: ['a'] };
    expect(faultsOf(many, plan({ 'Actual Rows': 500, 'Shared Hit Blocks': 534 }))).toEqual([]);
    expect(faultsOf(many, plan({ 'Actual Rows': 500, 'Shared Hit Blocks': 535 }))[0]).toBe(
      '535 pages touched, 534 allowed',
    );
  });

  it('are limited by the outermost LIMIT, not by a LIMIT in a part of the statement', () => {
    const text =
      'SELECT (SELECT count(*) FROM (SELECT FROM offer LIMIT 10000) AS o) FROM referral LIMIT 2';
    const read = plan({ 'Actual Rows': 200 });
    expect(faultsOf({ text, values: [] }, { 'Node Type': 'Result', Plans: [read] })[0]).toMatch(
      /^200 rows read, 40 allowed/,
    );
  });

  it('are too many when an index is read from end to end, for few rows or for a page', () => {
    const whole = { 'Shared Hit Blocks': 700, 'Shared Read Blocks': 100 };
    expect(faultsOf(one, plan(whole))[0]).toMatch(/^800 pages touched/);
    expect(faultsOf(page, plan({ 'Actual Rows': 50, ...whole }))[0]).toMatch(/^800 pages touched/);
    const more = { rows: 10_000, cause: 'of a spec' };
    expect(faultsOf(one, plan(whole), more)[0]).toMatch(/^800 pages touched/);
  });

  it('include what a write reads, not what it writes', () => {
    const read = (pages: number) => ({
      'Node Type': 'ModifyTable',
      'Shared Hit Blocks': 900 + pages,
    });
    expect(faultsOf(one, plan({ 'Shared Hit Blocks': 4 }, read(4)))).toEqual([]);
    expect(faultsOf(one, plan({ 'Shared Hit Blocks': 800 }, read(800)))[0]).toMatch(
      /^800 pages touched/,
    );
  });

  it('include a bitmap with its index, and count a scan under a scan once', () => {
    const index = { 'Node Type': 'Bitmap Index Scan', 'Shared Hit Blocks': 790 };
    const bitmap = plan({
      'Node Type': 'Bitmap Heap Scan',
      'Shared Hit Blocks': 800,
      Plans: [index],
    });
    expect(faultsOf(one, bitmap)[0]).toMatch(/^800 pages touched/);
    const inner = {
      'Node Type': 'Index Scan',
      'Actual Rows': 1,
      'Actual Loops': 1,
      'Shared Hit Blocks': 790,
    };
    expect(faultsOf(one, plan({ 'Shared Hit Blocks': 800, Plans: [inner] }))[0]).toMatch(
      /^800 pages touched/,
    );
  });
});

describe('a scan of a whole table', () => {
  const counts = new Map([
    ['offer', 200_000],
    ['country_pack', 50],
  ]);
  const scan = (read: Partial<PlanNode>, ran: boolean, rows = 0) =>
    scansOf({ plan: plan({ 'Node Type': 'Seq Scan', ...read }), ran }, counts, {
      rows,
      cause: 'of a spec',
    });

  it('is reported for a large table only', () => {
    expect(scan({ 'Actual Rows': 200_000 }, true)).toEqual(['Seq Scan offer']);
    expect(scan({ 'Actual Rows': 50, 'Relation Name': 'country_pack' }, true)).toEqual([]);
  });

  it('is not reported when the statement may read as many rows', () => {
    expect(scan({ 'Actual Rows': 200_000 }, true, 200_000)).toEqual([]);
    expect(scan({ 'Actual Rows': 200_000 }, true, 199_999)).toEqual(['Seq Scan offer']);
  });

  it('is not reported when it ended after few rows, which is known only when it was run', () => {
    expect(scan({ 'Actual Rows': 100 }, true)).toEqual([]);
    expect(scan({}, false)).toEqual(['Seq Scan offer']);
  });
});

describe('a statement that finds nothing', () => {
  const empty = plan({ 'Actual Rows': 0 }, { 'Actual Rows': 0 });

  it('is one whose samples all return no row', () => {
    expect(
      findsNothing([
        { plan: empty, ran: true },
        { plan: empty, ran: true },
      ]),
    ).toBe(true);
    expect(
      findsNothing([
        { plan: empty, ran: true },
        { plan: plan({}), ran: true },
      ]),
    ).toBe(false);
  });

  it('is one that reads no row, or reads rows and returns none', () => {
    expect(findsNothing([{ plan: plan({ 'Actual Rows': 0 }), ran: true }])).toBe(true);
    expect(findsNothing([{ plan: plan({}, { 'Actual Rows': 0 }), ran: true }])).toBe(true);
  });

  it('is not one that reads no table or could not be run', () => {
    expect(
      findsNothing([
        { plan: { 'Node Type': 'Result', 'Actual Rows': 0, 'Actual Loops': 1 }, ran: true },
      ]),
    ).toBe(false);
    expect(findsNothing([{ plan: plan({}), ran: false }])).toBe(false);
  });
});
