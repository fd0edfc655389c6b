import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import { type Actor, type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import { caseFiles } from '../adapters/case-files.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';

/** Who acted, as it stands in the journal. */
export const authorOf = ({ person, organisation, role }: Actor): Author => ({ person, organisation, role });

export type Decide = (file: CaseFile) => Decision<CaseFileEvent, string>;

/** The organisation that opened a case acts on it; a data protection officer on all. For anyone else it does not exist. */
export const mayAct = (file: CaseFile, actor: Actor): boolean =>
  file.ownerOrg === actor.organisation || actor.role === 'data-protection-officer';

export const asOwner =
  (call: Call, decide: Decide): Decide =>
  (file) =>
    mayAct(file, call.actor) ? decide(file) : refuse('not-found', 'case_id');

/** Locks a case file, decides, and keeps what happened. */
export async function changeCase<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  caseId: string,
  decide: Decide,
  respond: (file: CaseFile) => Response,
): Promise<Answer<Response>> {
  const context = { at: call.at, author: authorOf(call.actor), ruleVersion: pack.id };
  return answerFrom(await caseFiles.change(tx, caseId, context, decide), respond, 'case_id');
}

export const caseNotFound = (field: string): Answer<never> => refused('not-found', field);
