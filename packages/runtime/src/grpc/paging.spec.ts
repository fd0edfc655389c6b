import { describe, expect, it } from 'vitest';
import { FIRST_ID, LATEST_ID, pagingBy } from './paging.ts';

const ID = '0b6f3c1e-7c1b-4a55-9a60-0f8f5d1c2a01';
const { pageToken, nextPageToken } = pagingBy({ at: 0, id: FIRST_ID, code: 'a' });
const rows = [{ at: 5, id: ID, code: 'call-back' }];
const problem = (token: string): string | undefined =>
  pageToken.safeParse(token).error?.issues[0]?.message;

describe('a page token', () => {
  it('is empty for the first page, and otherwise gives the position after the last row', () => {
    expect(pageToken.parse('')).toEqual({ at: 0, id: FIRST_ID, code: 'a' });
    expect(pageToken.parse(nextPageToken(rows, 1, (row) => row))).toEqual(rows[0]);
  });

  it('is empty when the page was not full', () =>
    expect(nextPageToken(rows, 2, (row) => row)).toBe(''));

  it.each([
    '5',
    `5_${ID}`,
    `5_${ID}_call-back_more`,
    `x_${ID}_call-back`,
    '5_not-an-id_call-back',
    `5_${ID}_Synthetic words of nobody`,
    `99999999999999999_${ID}_a`,
    `5_${ID}_${'a'.repeat(500)}`,
  ])('is not %s, which never reaches a database', (token) =>
    expect(problem(token)).toBe('must be the token of the page before'),
  );

  it('of one order is refused by another order, even when both have the same parts', () => {
    const [oldestFirst, newestFirst] = [
      pagingBy({ at: 0, id: FIRST_ID }),
      pagingBy({ at: Number.MAX_SAFE_INTEGER, id: LATEST_ID }, 'newest'),
    ];
    const row = { at: 5, id: ID };
    const ascending = oldestFirst.nextPageToken([row], 1, (one) => one);
    const descending = newestFirst.nextPageToken([row], 1, (one) => one);
    expect(newestFirst.pageToken.parse('')).toEqual({ at: Number.MAX_SAFE_INTEGER, id: LATEST_ID });
    expect(newestFirst.pageToken.parse(descending)).toEqual(row);
    expect(newestFirst.pageToken.safeParse(ascending).success).toBe(false);
    expect(oldestFirst.pageToken.safeParse(descending).success).toBe(false);
    expect(newestFirst.pageToken.safeParse(`oldest_5_${ID}`).success).toBe(false);
  });
});
