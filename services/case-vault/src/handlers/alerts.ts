import type { CountryPack } from '@opennrm/country';
import type { Actor, Answer, Call, Transaction } from '@opennrm/runtime';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import { type AlertKey, acknowledgeAlert, resolveAlert } from '../domain/alerts.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { type After, alertsFor } from '../outbound/alerts.ts';
import { changeCase, type Decide, isOfCountry, mayAct } from './case-access.ts';

/** Whose alerts a desk sees: a first responder keeps files too, and often nobody else in its organisation does. */
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

/** Those alone act on an alert at whose desk it is. */
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

/** Somebody has seen it; it stays open. */
export const acknowledge = onAlert(acknowledgeAlert);

/** Somebody has done what it asked for. The deadline behind it goes on until the thing itself is done. */
export const resolve = onAlert(resolveAlert);
