import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import {
  type Answer,
  answer,
  type Call,
  LATEST_ID,
  refused,
  type Transaction,
} from '@opennrm/runtime';
import { type Instant, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import { callBack } from '../domain/permission/call-back.ts';
import type { Permission } from '../domain/permission/consent-records.ts';
import { acknowledgeWithdrawal, withdrawPermission } from '../domain/permission/withdrawal.ts';
import type {
  Channel,
  Withdrawal,
  WithdrawalStatement,
} from '../domain/permission/withdrawal-record.ts';
import type { ReadAccess } from '../domain/reading/read-access.ts';
import { mayContact } from '../domain/safe-contact.ts';
import { caseFiles, caseOfReference } from '../outbound/case-files.ts';
import { type DisclosureRow, disclosuresOf } from '../outbound/disclosures.ts';
import { asOwner, changeCase, type Decide, mayAct, ownFile } from './case-access.ts';
import { displayNamesOf, organisationsOf, withDisplayNames } from './display-names.ts';
import { readAccessOf, SAFETY_NOTE } from './read-access.ts';

/** What stays readable after a withdrawal, by which organisation and on what basis. The person is shown it. */
export interface StillReadable {
  readonly content: string;
  /** Empty where the name would reveal a place. */
  readonly organisationId: string;
  readonly serviceClass: string;
  readonly basis: string;
}

export interface Withdrawn {
  readonly stillReadable: readonly StillReadable[];
  readonly acknowledgedBy: Instant | undefined;
  readonly callBackBy: Instant | undefined;
}

export async function withdraw(
  tx: Transaction,
  pack: CountryPack,
  asked: {
    readonly caseId: string;
    readonly permissionId: string;
    readonly channel: Channel;
    readonly statement?: WithdrawalStatement | undefined;
  },
  call: Call,
): Promise<Answer<Withdrawn>> {
  const decide = asOwner(call, (file) => withdrawPermission(file, asked, pack.consent, call.at));
  const given = await changeCase(tx, pack, call, asked.caseId, decide, (file) => file);
  if (given.kind === 'refused') return given;
  const { response: file } = given;
  const due = (code: string): Instant | undefined =>
    file.deadlines.find((one) => one.code === code && one.about === asked.permissionId)?.due;
  const stillReadable = await findStillReadable(tx, pack, file, asked.permissionId, call.at);
  return answer({
    stillReadable,
    acknowledgedBy: due('acknowledgement'),
    callBackBy: due('call-back'),
  });
}

async function findStillReadable(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  permissionId: string,
  at: Instant,
) {
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!permission) return [];
  const accesses = (await readAccessOf(tx, pack, file))(file, at);
  const isConcerned = (one: ReadAccess): boolean =>
    one.section.startsWith(SAFETY_NOTE) ||
    (one.purpose === permission.purpose && permission.sections.includes(one.section));
  const concerned = accesses.filter(
    (one) => one.organisation !== file.ownerOrg && isConcerned(one),
  );
  const names = await displayNamesOf(tx, pack, file, organisationsOf(concerned));
  const stillReadable = withDisplayNames(concerned, names).map(
    ({
      section: what,
      organisation: organisationId = '',
      serviceClass = '',
      basis,
    }): StillReadable => ({
      content: what,
      organisationId,
      serviceClass,
      basis,
    }),
  );
  return [...new Map(stillReadable.map((one) => [JSON.stringify(one), one])).values()];
}

/** Records the acknowledgement of a service. It names the case by the service's own reference; an unregistered one is ignored. */
export async function onWithdrawalAcknowledged(
  tx: Transaction,
  pack: CountryPack,
  service: string,
  statement: {
    readonly caseReference: string;
    readonly permissionId: string;
    readonly closed: number;
  },
  now: Instant,
): Promise<void> {
  const { caseReference: reference, permissionId, closed } = statement;
  const caseId = await caseOfReference(tx, service, reference);
  if (caseId === undefined) return;
  const context = { at: now, author: systemAuthor, rules: pack.consent };
  await caseFiles.change(tx, caseId, context, (file) =>
    acknowledgeWithdrawal(file, { service, reference, permissionId, closed }, now),
  );
}

interface CallBack {
  readonly caseId: string;
  readonly permissionId: string;
  readonly outcome: string;
  readonly channel: string;
  /** `HH:MM` in the country's time zone. */
  readonly localTime: string;
}

/** By the owner or the country's coordinators. A final outcome needs a channel and an hour that the person called safe. */
export const recordCallBack = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, channel, localTime, ...attempt }: CallBack,
  call: Call,
): Promise<Answer<{ permissionId: string }>> => {
  const settles = pack.consent.callBackOutcomes.some(
    ({ code, isFinal }) => code === attempt.outcome && isFinal,
  );
  const decide: Decide = (file) => {
    if (!mayAct(file, call.actor) && !call.actor.holds('coordinator'))
      return refuse('not-found', 'case_id');
    // No channel is named for a call that did not reach the person.
    const isSafe = !settles || mayContact(file.contact, channel, localTime).isAllowed;
    return isSafe
      ? callBack(file, attempt, pack.consent, call.at)
      : refuse('channel-not-safe', 'channel');
  };
  return changeCase(tx, pack, call, caseId, decide, () => ({ permissionId: attempt.permissionId }));
};

const AT_MOST = 200;

export interface WithdrawalDetails {
  readonly withdrawal: Withdrawal;
  readonly acknowledgedBy: Instant | undefined;
  readonly stillReadable: readonly StillReadable[];
  readonly disclosedBefore: readonly DisclosureRow[];
}

/** The acknowledgements of a withdrawal, what stays readable, and what was disclosed before. */
export async function find(
  tx: Transaction,
  pack: CountryPack,
  { caseId, permissionId }: { readonly caseId: string; readonly permissionId: string },
  call: Call,
): Promise<Answer<WithdrawalDetails>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const withdrawal = file.withdrawals.find((one) => one.permissionId === permissionId);
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!withdrawal || !permission) return refused('not-found', 'permission_id');
  const before = { at: withdrawal.at + 1, id: LATEST_ID };
  const only = { permissionId, purpose: (permission satisfies Permission).purpose };
  return answer({
    withdrawal,
    acknowledgedBy: file.deadlines.find(
      (one) => one.code === 'acknowledgement' && one.about === permissionId,
    )?.due,
    stillReadable: await findStillReadable(tx, pack, file, permissionId, call.at),
    disclosedBefore: await disclosuresOf(tx, caseId, {
      before,
      size: AT_MOST,
      hidden: pack.consent.hiddenServiceClasses,
      only,
    }),
  });
}
