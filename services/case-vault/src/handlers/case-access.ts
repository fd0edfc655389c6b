import type { CountryPack } from '@opennrm/country';
import { type Author, answerFrom } from '@opennrm/messaging';
import {
  type Actor,
  type Answer,
  answer,
  type Call,
  refused,
  type Transaction,
} from '@opennrm/runtime';
import { type Decision, refuse } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { caseFiles, lockCases } from '../outbound/case-files.ts';
import { type PersonOfHold, peopleOfHold } from '../outbound/relations.ts';

/** The author for the journal. */
export const authorOf = (actor: Actor): Author => actor.asAuthor();

export type Decide = (file: CaseFile) => Decision<CaseFileEvent, string>;

/** Whether the actor is at a desk of the whole country, i.e. one whose holders the country pack names. */
export const isOfCountry = ({ roles }: CountryPack, { desk }: Actor): boolean =>
  roles.some(({ code, heldBy }) => code === desk && heldBy !== undefined);

/** The organisation that opened a case may act on it, and the country's data protection officer on every case. For others it does not exist. */
export const mayAct = (file: CaseFile, actor: Actor): boolean =>
  file.ownerOrg === actor.organisation || actor.holds('data-protection-officer');

/** @param field the field that the caller named; another one would reveal that the case exists. */
export const asOwner =
  (call: Call, decide: Decide, field = 'case_id'): Decide =>
  (file) =>
    mayAct(file, call.actor) ? decide(file) : refuse('not-found', field);

/** Locks a case file, decides, and stores the events. */
export async function changeCase<Response>(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  caseId: string,
  decide: Decide,
  respond: (file: CaseFile) => Response,
): Promise<Answer<Response>> {
  const context = {
    at: call.at,
    author: authorOf(call.actor),
    ruleVersion: pack.id,
    rules: pack.consent,
  };
  return answerFrom(await caseFiles.change(tx, caseId, context, decide), respond, 'case_id');
}

/** A case file, if the actor may act on it. */
export async function ownFile(
  tx: Transaction,
  caseId: string,
  actor: Actor,
): Promise<CaseFile | undefined> {
  const file = await caseFiles.find(tx, caseId);
  return file && mayAct(file, actor) ? file : undefined;
}

/** Locks the file before it reads it. So a reading that waited for a withdrawal sees the withdrawal. */
export async function lockedFile(tx: Transaction, caseId: string): Promise<CaseFile | undefined> {
  await lockCases(tx, [caseId]);
  return caseFiles.find(tx, caseId);
}

/** A person, named by the vault's case id or by a hold. */
export interface Subject {
  readonly caseId: string | undefined;
  readonly holdId: string | undefined;
  /** Required with a hold for several people. */
  readonly personId: string | undefined;
}

export type ResolvedCase = Answer<{ readonly caseId: string }>;

/** The case of a request. By a hold, only for an organisation that has or had a relation by this hold. */
export const resolveCase = (
  tx: Transaction,
  subject: Subject,
  organisation: string,
): Promise<ResolvedCase> => resolveSubject(tx, subject, organisation, ({ related }) => related);

/** The case of a request. By a hold, also for an organisation that was only asked about this hold. */
export const resolveAskedCase = (
  tx: Transaction,
  subject: Subject,
  organisation: string,
): Promise<ResolvedCase> => resolveSubject(tx, subject, organisation, () => true);

/** Refuses a hold for several people without a person id. People without a registered reference count too. */
async function resolveSubject(
  tx: Transaction,
  { caseId, holdId, personId }: Subject,
  organisation: string,
  isKnown: (person: PersonOfHold) => boolean,
): Promise<ResolvedCase> {
  if (caseId !== undefined) return answer({ caseId });
  const people =
    holdId === undefined ? [] : (await peopleOfHold(tx, holdId, organisation)).filter(isKnown);
  if (people.length > 1 && personId === undefined) return refused('person-needed', 'person_id');
  const resolved = people.find((one) => personId === undefined || one.personId === personId);
  const field = people.length > 0 && personId !== undefined ? 'person_id' : 'hold_id';
  return resolved?.caseId === undefined
    ? refused('not-found', field)
    : answer({ caseId: resolved.caseId });
}
