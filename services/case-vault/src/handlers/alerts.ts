import type { CountryPack } from '@opennrm/country';
import type { Actor, Answer, Call, Transaction } from '@opennrm/runtime';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import { type AlertKey, acknowledgeAlert, resolveAlert } from '../domain/alerts.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { type After, alertsFor } from '../outbound/alerts.ts';
import { changeCase, type Decide, isOfCountry, mayAct } from './case-access.ts';

/** The roles whose alerts an actor sees. A first responder also sees those of caseworkers, because its organisation may have none. */
const alertsOf = ({ desk }: Actor): readonly string[] => {
  if (desk === undefined) return [];
  return desk === 'responder' ? [desk, 'caseworker'] : [desk];
};

export const list = (
  tx: Transaction,
  pack: CountryPack,
  after: After,
  size: number,
  { actor }: Call,
) =>
  alertsFor(
    tx,
    { organisation: actor.organisation, roles: alertsOf(actor), ofAll: isOfCountry(pack, actor) },
    after,
    size,
  );

export interface AlertInCase extends AlertKey {
  readonly caseId: string;
}

type Act = (
  file: CaseFile,
  named: AlertKey,
  by: string,
  now: Instant,
) => Decision<CaseFileEvent, string>;

/** Only an actor who sees the role's alerts may act on them: on own cases, or on all cases at a desk of the country. */
const onAlert =
  (act: Act) =>
  (
    tx: Transaction,
    pack: CountryPack,
    named: AlertInCase,
    call: Call,
  ): Promise<Answer<{ code: string }>> => {
    const { code, about } = named;
    const { person: by } = call.actor;
    const decide: Decide = (file) => {
      if (!isOfCountry(pack, call.actor) && !mayAct(file, call.actor))
        return refuse('not-found', 'case_id');
      const alert = file.alerts.find((one) => one.code === code && one.about === about);
      const theirs = alert && alertsOf(call.actor).includes(alert.role);
      return theirs ? act(file, { code, about }, by, call.at) : refuse('not-found', 'code');
    };
    return changeCase(tx, pack, call, named.caseId, decide, () => ({ code }));
  };

/** The alert was seen; it stays open. */
export const acknowledge = onAlert(acknowledgeAlert);

/** The alert was dealt with. The deadline that raised it continues until the obligation itself is met. */
export const resolve = onAlert(resolveAlert);
