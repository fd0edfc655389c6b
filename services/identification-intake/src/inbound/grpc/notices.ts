import type { NoticeServiceService } from '@opennrm/contracts/opennrm/identification_intake/v1/notice.ts';
import type { LocalDate } from '@opennrm/country';
import { answer, field, pagingBy, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import type { CountryData } from '../../handlers/country-data.ts';
import * as notices from '../../handlers/notices.ts';
import { NOTICES_BEGIN } from '../../outbound/notices.ts';

type Rpcs = RpcsOf<typeof NoticeServiceService>;

/** The only values that a notice may contain. The country defines whether they are allowed. */
const gender = z.enum(['', 'female', 'male', 'other'], 'must be empty, female, male or other');
const nationality = z
  .string()
  .regex(/^([a-z]{2})?$/, 'must be empty or two small letters (ISO 3166-1)');
const paging = pagingBy(NOTICES_BEGIN, 'newest');

/** Maps proto to command and back, for notices about people who did not wish to be referred. */
export const noticeRpcs = (country: CountryData): Rpcs => ({
  recordNotice: unary(
    z.object({
      noticeId: field.id,
      gender,
      nationality,
      declinedOn: field.date.transform((date) => date as LocalDate),
    }),
    (tx, { noticeId, gender: of, nationality: from, declinedOn }, call) =>
      notices.record(
        tx,
        country,
        { noticeId, content: { gender: of, nationality: from }, declinedOn },
        call,
      ),
  ),
  listNotices: unary(
    z.object({ pageSize: field.pageSize, pageToken: paging.pageToken }),
    async (tx, request, call) => {
      const rows = await notices.list(tx, country, request.pageToken, request.pageSize, call);
      return answer({
        notices: rows.map(({ notice_id, at, late, content }) => ({
          noticeId: notice_id,
          at: new Date(at),
          late,
          gender: content.gender ?? '',
          nationality: content.nationality ?? '',
        })),
        nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) => ({
          at: row.at,
          id: row.notice_id,
        })),
      });
    },
  ),
});
