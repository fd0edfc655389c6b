import type { CountryPack } from '@opennrm/country';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import { type After, alertsFor } from '../adapters/alerts.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { changeCase, type Decide, isOfCountry, mayAct } from './ground.ts';

/** Whose alerts a role sees: a first responder keeps files too, and often nobody else in its organisation does. */
const desksOf = (role: string): readonly string[] => (role === 'responder' ? [role, 'caseworker'] : [role]);

export const list = (tx: Transaction, pack: CountryPack, after: After, size: number, { actor }: Call) =>
  alertsFor(
    tx,
    { organisation: actor.organisation, roles: desksOf(actor.role), ofAll: isOfCountry(pack, actor) },
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
  const { role, person: by } = call.actor;
  const decide: Decide = (file) => {
    const alert = file.alerts.find((one) => one.code === code && one.about === about);
    const theirs =
      alert && desksOf(role).includes(alert.role) && (isOfCountry(pack, call.actor) || mayAct(pack, file, call.actor));
    if (!theirs) return { kind: 'refused', refusal: 'not-found', field: 'code' };
    if (alert.acknowledgedBy !== undefined) return { kind: 'ignored', reason: 'already-acknowledged' };
    return accept<CaseFileEvent>({ type: 'AlertAcknowledged', code, about, by });
  };
  return changeCase(tx, pack, call, caseId, decide, () => ({ code }));
};
