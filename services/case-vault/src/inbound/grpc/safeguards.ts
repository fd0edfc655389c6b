import type { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import type { CountryPack } from '@opennrm/country';
import {
  answer,
  codeOf,
  FIRST_ID,
  field,
  normalizeId,
  pagingBy,
  type RpcsOf,
  unary,
} from '@opennrm/runtime';
import { z } from 'zod';
import * as alerts from '../../handlers/alerts.ts';
import * as openings from '../../handlers/openings.ts';
import { caseId, dateOf, either, mapAnswer, named, sectionList, subject } from './fields.ts';

type Rpcs = RpcsOf<typeof SafeguardServiceService>;

const paging = pagingBy({ at: -1, caseId: FIRST_ID, code: '', about: '' });

/** What an alert is about: a code, or the id of something. */
const about = field.code.transform(normalizeId);

/** proto → command for files that were opened without a basis, and for what is owed. */
export const safeguardRpcs = (pack: CountryPack): Rpcs => ({
  breakGlass: unary(
    z
      .object({
        ...subject,
        openingId: field.id,
        sections: sectionList(pack),
        lifeAtRisk: z.boolean(),
        reason: codeOf(pack.consent.breakGlass.reasons, 'reason for opening a file'),
      })
      .refine(named, either),
    async (tx, ask, call) =>
      mapAnswer(await openings.open(tx, pack, ask, call), ({ openingId, openUntil }) => ({
        openingId,
        openUntil: dateOf(openUntil),
      })),
  ),
  confirmOpening: unary(z.object({ openingId: field.id }), async (tx, { openingId }, call) =>
    mapAnswer(await openings.confirm(tx, pack, openingId, call), ({ openUntil }) => ({
      openingId,
      openUntil: dateOf(openUntil),
    })),
  ),
  reviewOpening: unary(
    z.object({ openingId: field.id, justified: z.boolean() }),
    (tx, request, call) => openings.review(tx, pack, request, call),
  ),
  listAlerts: unary(
    z.object({ pageSize: field.pageSize, pageToken: paging.pageToken }),
    async (tx, request, call) => {
      const rows = await alerts.list(tx, pack, request.pageToken, request.pageSize, call);
      return answer({
        alerts: rows.map((row) => ({
          caseId: row.case_id,
          code: row.code,
          about: row.about,
          role: row.role,
          raisedAt: new Date(row.raised_at),
          acknowledged: row.acknowledged,
        })),
        nextPageToken: paging.nextPageToken(rows, request.pageSize, (row) => ({
          at: row.raised_at,
          caseId: row.case_id,
          code: row.code,
          about: row.about,
        })),
      });
    },
  ),
  acknowledgeAlert: unary(z.object({ caseId, code: field.code, about }), (tx, request, call) =>
    alerts.acknowledge(tx, pack, request, call),
  ),
  resolveAlert: unary(z.object({ caseId, code: field.code, about }), (tx, request, call) =>
    alerts.resolve(tx, pack, request, call),
  ),
});
