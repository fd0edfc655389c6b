import type { CountryPack } from '@opennrm/country';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { type Decision, type Instant, refuse } from '@opennrm/runtime/decision';
import { type After, alertsFor } from '../adapters/alerts.ts';
import { acknowledgeAlert, type Named, resolveAlert } from '../domain/alerts.ts';
import type { CaseFile } from '../domain/case-file.ts';
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

export interface NamedInFile extends Named {
  readonly caseId: string;
}

type Act = (file: CaseFile, named: Named, by: string, now: Instant) => Decision<CaseFileEvent, string>;

/** Those alone act on an alert at whose desk it is. */
const onAlert =
  (act: Act) =>
  (tx: Transaction, pack: CountryPack, named: NamedInFile, call: Call): Promise<Answer<{ code: string }>> => {
    const { code, about } = named;
    const { role, person: by } = call.actor;
    const decide: Decide = (file) => {
      const alert = file.alerts.find((one) => one.code === code && one.about === about);
      const theirs =
        alert &&
        desksOf(role).includes(alert.role) &&
        (isOfCountry(pack, call.actor) || mayAct(pack, file, call.actor));
      return theirs ? act(file, { code, about }, by, call.at) : refuse('not-found', 'code');
    };
    return changeCase(tx, pack, call, named.caseId, decide, () => ({ code }));
  };

/** Somebody has seen it; it stays open. */
export const acknowledge = onAlert(acknowledgeAlert);

/** Somebody has done what it asked for. The deadline behind it goes on until the thing itself is done. */
export const resolve = onAlert(resolveAlert);
