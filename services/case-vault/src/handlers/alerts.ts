import type { CountryPack } from '@opennrm/country';
import type { Actor, Answer, Call, Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import { type After, alertsFor } from '../adapters/alerts.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { changeCase, type Decide, isOfCountry, mayAct } from './ground.ts';

/** Whose alerts a desk sees: a first responder keeps files too, and often nobody else in its organisation does. */
const alertsOf = ({ desk }: Actor): readonly string[] =>
  desk === undefined ? [] : desk === 'responder' ? [desk, 'caseworker'] : [desk];

export const list = (tx: Transaction, pack: CountryPack, after: After, size: number, { actor }: Call) =>
  alertsFor(
    tx,
    { organisation: actor.organisation, roles: alertsOf(actor), ofAll: isOfCountry(pack, actor) },
    after,
    size,
  );

export interface Named {
  readonly caseId: string;
  readonly code: string;
  readonly about: string;
}

/** Somebody acts on it: by those at whose desk it is. The clock behind it goes on until the thing itself is done. */
export const acknowledge = (
  tx: Transaction,
  pack: CountryPack,
  { caseId, code, about }: Named,
  call: Call,
): Promise<Answer<{ code: string }>> => {
  const { person: by } = call.actor;
  const decide: Decide = (file) => {
    const alert = file.alerts.find((one) => one.code === code && one.about === about);
    const theirs =
      alert && alertsOf(call.actor).includes(alert.role) && (isOfCountry(pack, call.actor) || mayAct(file, call.actor));
    if (!theirs) return { kind: 'refused', refusal: 'not-found', field: 'code' };
    if (alert.acknowledgedBy !== undefined) return { kind: 'ignored', reason: 'already-acknowledged' };
    return accept<CaseFileEvent>({ type: 'AlertAcknowledged', code, about, by });
  };
  return changeCase(tx, pack, call, caseId, decide, () => ({ code }));
};
