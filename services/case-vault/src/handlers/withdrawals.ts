import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import { type Answer, answer, type Call, LATEST_ID, refused, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { caseFiles, caseOfReference } from '../adapters/case-files.ts';
import { type DisclosureRow, disclosuresOf } from '../adapters/disclosures.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { Permission } from '../domain/permission/given.ts';
import {
  acknowledge,
  type Channel,
  callBack,
  type Withdrawal,
  withdrawPermission,
} from '../domain/permission/withdrawal.ts';
import type { Sight } from '../domain/reading/who-could-see.ts';
import { asOwner, changeCase, ownFile } from './ground.ts';
import { namesOf, organisationsOf, renamed } from './naming.ts';
import { SAFETY_NOTE, sightOf } from './seeing.ts';

/** What stays readable after a withdrawal, for whom, and why: said to her, not hidden. */
export interface Stays {
  readonly what: string;
  /** Empty where naming it would betray a place. */
  readonly organisationId: string;
  readonly serviceClass: string;
  readonly basis: string;
}

export interface Withdrawn {
  readonly stays: readonly Stays[];
  readonly acknowledgedBy: Instant | undefined;
  readonly callBackBy: Instant | undefined;
}

export async function withdraw(
  tx: Transaction,
  pack: CountryPack,
  asked: { readonly caseId: string; readonly permissionId: string; readonly channel: Channel },
  call: Call,
): Promise<Answer<Withdrawn>> {
  const decide = asOwner(call, (file) => withdrawPermission(file, asked, pack.consent, call.at));
  const given = await changeCase(tx, pack, call, asked.caseId, decide, (file) => file);
  if (given.kind === 'refused') return given;
  const { response: file } = given;
  const due = (code: string): Instant | undefined =>
    file.pledges.find((one) => one.code === code && one.about === asked.permissionId)?.due;
  const stays = await whatStays(tx, pack, file, asked.permissionId, call.at);
  return answer({ stays, acknowledgedBy: due('acknowledgement'), callBackBy: due('call-back') });
}

async function whatStays(tx: Transaction, pack: CountryPack, file: CaseFile, permissionId: string, at: Instant) {
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!permission) return [];
  const sights = (await sightOf(tx, pack, file))(file, at);
  const isConcerned = (one: Sight): boolean =>
    one.section.startsWith(SAFETY_NOTE) ||
    (one.purpose === permission.purpose && permission.sections.includes(one.section));
  const concerned = sights.filter((one) => one.organisation !== file.ownerOrg && isConcerned(one));
  const names = await namesOf(tx, pack, file, organisationsOf(concerned));
  const stays = renamed(concerned, names).map(
    ({ section: what, organisation: organisationId = '', serviceClass = '', basis }): Stays => ({
      ...{ what, organisationId, serviceClass, basis },
    }),
  );
  return [...new Map(stays.map((one) => [JSON.stringify(one), one])).values()];
}

/** A service said what it closed: by its own reference, which the vault alone can read. */
export async function acknowledged(
  tx: Transaction,
  service: string,
  said: { readonly caseReference: string; readonly permissionId: string; readonly closed: number },
  now: Instant,
): Promise<void> {
  const { caseReference: reference, permissionId, closed } = said;
  const caseId = await caseOfReference(tx, service, reference);
  if (caseId === undefined) return;
  await caseFiles.change(tx, caseId, { at: now, author: platform }, (file) =>
    acknowledge(file, { service, reference, permissionId, closed }, now),
  );
}

export const recordCallBack = (
  tx: Transaction,
  pack: CountryPack,
  said: { readonly caseId: string; readonly permissionId: string; readonly outcome: string; readonly channel: string },
  call: Call,
): Promise<Answer<{ permissionId: string }>> => {
  const safe = (file: CaseFile): boolean => file.contact.some(({ channel }) => channel === said.channel);
  const decide = asOwner(call, (file) =>
    // Nobody is called by a way that she did not call safe; that she was not reached needs none.
    said.outcome === NOT_REACHED || safe(file)
      ? callBack(file, said, pack.consent, call.at)
      : { kind: 'refused', refusal: 'channel-not-safe', field: 'channel' },
  );
  return changeCase(tx, pack, call, said.caseId, decide, () => ({ permissionId: said.permissionId }));
};

const NOT_REACHED = 'not-reached';
const AT_MOST = 200;

export interface Standing {
  readonly withdrawal: Withdrawal;
  readonly acknowledgedBy: Instant | undefined;
  readonly stays: readonly Stays[];
  readonly toldBefore: readonly DisclosureRow[];
}

/** Who has closed what, who has not, what stays readable, and what they had been told before. */
export async function find(
  tx: Transaction,
  pack: CountryPack,
  { caseId, permissionId }: { readonly caseId: string; readonly permissionId: string },
  call: Call,
): Promise<Answer<Standing>> {
  const file = await ownFile(tx, caseId, call.actor);
  if (!file) return refused('not-found', 'case_id');
  const withdrawal = file.withdrawals.find((one) => one.permissionId === permissionId);
  const permission = file.permissions.find((one) => one.permissionId === permissionId);
  if (!withdrawal || !permission) return refused('not-found', 'permission_id');
  const before = { at: withdrawal.at + 1, id: LATEST_ID };
  const only = { permissionId, purpose: (permission satisfies Permission).purpose };
  return answer({
    withdrawal,
    acknowledgedBy: file.pledges.find((one) => one.code === 'acknowledgement' && one.about === permissionId)?.due,
    stays: await whatStays(tx, pack, file, permissionId, call.at),
    toldBefore: await disclosuresOf(tx, caseId, { before, size: AT_MOST, hidden: pack.consent.hiddenReceivers, only }),
  });
}
