import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import { type Answer, answer, type Call, LATEST_ID, refused, type Transaction } from '@opennrm/runtime';
import { type Instant, refuse } from '@opennrm/runtime/decision';
import { caseFiles, caseOfReference } from '../adapters/case-files.ts';
import { type DisclosureRow, disclosuresOf } from '../adapters/disclosures.ts';
import type { CaseFile } from '../domain/case-file.ts';
import { callBack } from '../domain/permission/call-back.ts';
import type { Permission } from '../domain/permission/given.ts';
import {
  acknowledge,
  type Channel,
  type TakenBack,
  type Withdrawal,
  withdrawPermission,
} from '../domain/permission/withdrawal.ts';
import type { Sight } from '../domain/reading/who-could-see.ts';
import { mayContact } from '../domain/safe-contact.ts';
import { asOwner, changeCase, type Decide, mayAct, ownFile } from './ground.ts';
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
  asked: {
    readonly caseId: string;
    readonly permissionId: string;
    readonly channel: Channel;
    readonly said?: TakenBack | undefined;
  },
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

interface CallBack {
  readonly caseId: string;
  readonly permissionId: string;
  readonly outcome: string;
  readonly channel: string;
  /** `HH:MM` in the country's time zone. */
  readonly localTime: string;
}

/** By the organisation whose case it is, or by the country's coordinators, at whose desk it is. Nobody is called by a way, or at an hour, that she did not call safe. */
export const recordCallBack = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, channel, localTime, ...said }: CallBack,
  call: Call,
): Promise<Answer<{ permissionId: string }>> => {
  const settles = pack.consent.callBackOutcomes.some(({ code, settles: is }) => code === said.outcome && is);
  const decide: Decide = (file) => {
    if (!mayAct(file, call.actor) && !call.actor.holds('coordinator')) return refuse('not-found', 'case_id');
    // That she was not reached needs no way by which she was.
    const safe = !settles || mayContact(file.contact, channel, localTime).may;
    return safe ? callBack(file, said, pack.consent, call.at) : refuse('channel-not-safe', 'channel');
  };
  return changeCase(tx, pack, call, caseId, decide, () => ({ permissionId: said.permissionId }));
};

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
