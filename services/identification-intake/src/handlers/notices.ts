import { type Answer, answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { rulesOf } from '../domain/formal-process/rules.ts';
import { type Notice, recordNotice } from '../domain/notice.ts';
import {
  keepNotice,
  listNotices,
  type NoticePosition,
  type NoticeRow,
} from '../outbound/notices.ts';
import type { CountryData } from './country-data.ts';

export async function record(
  tx: Transaction,
  country: CountryData,
  notice: Omit<Notice, 'at'>,
  call: Call,
): Promise<Answer<{ noticeId: string; late: boolean }>> {
  const rules = rulesOf(country.packs.current);
  const decision = recordNotice({ ...notice, at: call.at }, rules);
  if (decision.kind === 'refused') return refused(decision.refusal, decision.field);
  const [recorded] = decision.kind === 'accepted' ? decision.events : [];
  if (!recorded) return refused('no-notice-required', 'notice_id');
  const { noticeId } = notice;
  const { content, late } = recorded;
  const of = {
    noticeId,
    ownerOrg: call.actor.organisation,
    at: call.at,
    ruleVersion: rules.id,
    content,
    late,
  };
  return (await keepNotice(tx, of))
    ? answer({ noticeId, late })
    : refused('already-exists', 'notice_id');
}

/** Lists all notices for an authority of the country, and its own for any other organisation. */
export function list(
  tx: Transaction,
  country: CountryData,
  from: NoticePosition,
  size: number,
  { actor }: Call,
): Promise<NoticeRow[]> {
  const { authorities } = rulesOf(country.packs.current);
  const isAuthority =
    actor.holds('competent-authority') &&
    authorities.some((one) => one.organisationId === actor.organisation);
  return listNotices(tx, isAuthority ? undefined : actor.organisation, from, size);
}
