import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { type Answer, answer, type Call, type Personal, refused, type Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import { caseFiles } from '../adapters/case-files.ts';
import { logDisclosure } from '../adapters/disclosures.ts';
import { casesOfHold, relationsOf } from '../adapters/relations.ts';
import type { Safe } from '../adapters/sealing/safe.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { mayRead } from '../domain/reading.ts';
import { writeSection } from '../domain/writing.ts';
import { asOwner, authorOf, changeCase } from './ground.ts';

interface Words {
  readonly caseId: string;
  readonly section: string;
  readonly content: Personal<string>;
}

export async function write(tx: Transaction, pack: CountryPack, safe: Safe, words: Words, call: Call) {
  const { caseId, section, content } = words;
  const writtenBy = call.actor.organisation;
  const decide = asOwner(call, (file) => writeSection(file, section, writtenBy, call.at));
  const given = await changeCase(tx, pack, call, caseId, decide, (file) => ({
    version: file.sections[section]?.version ?? 1,
    ownerOrg: file.ownerOrg,
  }));
  if (given.kind === 'refused') return given;
  const { version, ownerOrg } = given.response;
  await safe.writeSection(tx, { caseId, section, version, ownerOrg, writtenBy, at: call.at, content });
  return answer({ version });
}

interface Wish {
  readonly caseId: string | undefined;
  readonly holdId: string | undefined;
  readonly person: number;
  readonly section: string;
  readonly purpose: string;
}

export interface Told {
  readonly content: Personal<string>;
  readonly version: number;
  readonly basis: string;
  readonly disclosureId: string;
}

/** A section is read, and that it was read is recorded, in one transaction: there is no unlogged reading. */
export async function read(
  tx: Transaction,
  pack: CountryPack,
  safe: Safe,
  wish: Wish,
  call: Call,
): Promise<Answer<Told>> {
  const field = wish.caseId === undefined ? 'hold_id' : 'case_id';
  const caseId = await caseMeant(tx, wish, call);
  const file = caseId === undefined ? undefined : await caseFiles.find(tx, caseId);
  if (!file) return refused('not-found', field);
  const { organisation } = call.actor;
  const relations = await relationsOf(tx, file.caseId, organisation);
  const { section, purpose } = wish;
  const verdict = mayRead(file, { organisation, section, purpose, relations }, call.at);
  if (!verdict.may) return refused(verdict.refusal, verdict.refusal === 'not-found' ? field : 'purpose');
  const version = file.sections[section]?.version;
  const content = version && (await safe.readSection(tx, { caseId: file.caseId, section, version }));
  if (!version || !content) return refused('section-empty', 'section');
  const disclosureId = await record(tx, pack, call, file, { section, version, purpose, basis: verdict.basis });
  return answer({ content, version, basis: verdict.basis, disclosureId });
}

async function caseMeant(tx: Transaction, { caseId, holdId, person }: Wish, call: Call): Promise<string | undefined> {
  if (caseId !== undefined || holdId === undefined) return caseId;
  const cases = await casesOfHold(tx, holdId, call.actor.organisation);
  return cases[Math.max(0, person - 1)];
}

interface WasRead {
  readonly section: string;
  readonly version: number;
  readonly purpose: string;
  readonly basis: string;
}

async function record(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  { caseId }: CaseFile,
  was: WasRead,
): Promise<string> {
  const disclosureId = randomUUID();
  const { section, purpose, basis } = was;
  const context = { at: call.at, author: { ...authorOf(call.actor), basis }, ruleVersion: pack.id };
  await caseFiles.change(tx, caseId, context, () =>
    accept<CaseFileEvent>({ type: 'SectionRead', disclosureId, ...was }),
  );
  await logDisclosure(tx, {
    ...{ id: disclosureId, at: call.at, byService: 'case-vault', caseId, organisationId: call.actor.organisation },
    ...{ personId: call.actor.person, content: section, purpose, basis },
  });
  return disclosureId;
}
