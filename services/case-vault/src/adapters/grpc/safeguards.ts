import type { SafeguardServiceService } from '@opennrm/contracts/opennrm/case_vault/v1/safeguards.ts';
import type { CountryPack } from '@opennrm/country';
import { answer, codeOf, field, type RpcsOf, unary } from '@opennrm/runtime';
import { z } from 'zod';
import * as alerts from '../../handlers/alerts.ts';
import * as openings from '../../handlers/openings.ts';
import { answered, caseId, dateOf, either, named, sectionList, subject } from './fields.ts';

type Rpcs = RpcsOf<typeof SafeguardServiceService>;

const FIRST = { at: -1, caseId: '00000000-0000-0000-0000-000000000000', code: '', about: '' };
const pageToken = z.union([
  z.literal('').transform(() => FIRST),
  z
    .string()
    .regex(/^\d{1,16}_[0-9a-f-]{36}_[0-9a-z-]{1,64}_[0-9a-z-]{1,64}$/, 'must be the token of the page before')
    .transform((token) => {
      const [at, id = FIRST.caseId, code = '', about = ''] = token.split('_');
      return { at: Number(at), caseId: id, code, about };
    }),
]);

/** proto → command for files that were opened without a basis, and for what is owed. */
export const safeguardRpcs = (pack: CountryPack): Rpcs => ({
  breakGlass: unary(
    z
      .object({
        ...{ ...subject, openingId: field.id, sections: sectionList(pack), lifeAtRisk: z.boolean() },
        reason: codeOf(pack.consent.breakGlass.reasons, 'reason for opening a file'),
      })
      .refine(named, either),
    async (tx, ask, call) =>
      answered(await openings.open(tx, pack, ask, call), ({ openingId, openUntil }) => ({
        ...{ openingId, openUntil: dateOf(openUntil) },
      })),
  ),
  confirmOpening: unary(z.object({ openingId: field.id }), async (tx, { openingId }, call) =>
    answered(await openings.confirm(tx, pack, openingId, call), ({ openUntil }) => ({
      ...{ openingId, openUntil: dateOf(openUntil) },
    })),
  ),
  reviewOpening: unary(z.object({ openingId: field.id, justified: z.boolean() }), (tx, request, call) =>
    openings.review(tx, pack, request, call),
  ),
  listAlerts: unary(z.object({ pageSize: field.pageSize, pageToken }), async (tx, request, call) => {
    const rows = await alerts.list(tx, request.pageToken, request.pageSize, call);
    const last = rows.length === request.pageSize ? rows.at(-1) : undefined;
    return answer({
      alerts: rows.map((row) => ({
        ...{ caseId: row.case_id, code: row.code, about: row.about, role: row.role, raisedAt: new Date(row.raised_at) },
      })),
      nextPageToken: last ? `${last.raised_at}_${last.case_id}_${last.code}_${last.about}` : '',
    });
  }),
  acknowledgeAlert: unary(z.object({ caseId, code: field.code, about: field.code }), (tx, request, call) =>
    alerts.acknowledge(tx, pack, request, call),
  ),
});
