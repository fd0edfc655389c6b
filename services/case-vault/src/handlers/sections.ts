import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import {
  type Answer,
  answer,
  type Call,
  type Personal,
  refused,
  type Transaction,
} from '@opennrm/runtime';
import type { CaseFile } from '../domain/case-file.ts';
import type { CaseFileEvent } from '../domain/events.ts';
import { mayRead, type ReadVerdict } from '../domain/reading/reading.ts';
import { disagreementsWith, writeSection } from '../domain/writing.ts';
import { countAttachments } from '../outbound/attachments.ts';
import { caseFiles } from '../outbound/case-files.ts';
import { logDisclosure } from '../outbound/disclosures.ts';
import { powersOf } from '../outbound/organisations.ts';
import { relationsOf } from '../outbound/relations.ts';
import type { SealedStore } from '../outbound/sealing/sealed-store.ts';
import {
  asOwner,
  authorOf,
  changeCase,
  lockedFile,
  mayAct,
  resolveCase,
  type Subject,
} from './case-access.ts';

interface SectionContent {
  readonly caseId: string;
  readonly section: string;
  readonly content: Personal<string>;
  /** The reason of a correction. */
  readonly corrects?: string | undefined;
}

export async function write(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  entry: SectionContent,
  call: Call,
) {
  const { caseId, section, content, corrects } = entry;
  const writtenBy = call.actor.organisation;
  const decide = asOwner(call, (file) =>
    writeSection(file, { section, writtenBy, corrects }, call.at),
  );
  const given = await changeCase(tx, pack, call, caseId, decide, (file) => ({
    version: file.sections[section]?.version ?? 1,
    ownerOrg: file.ownerOrg,
  }));
  if (given.kind === 'refused') return given;
  const { version, ownerOrg } = given.response;
  await sealedStore.writeSection(tx, {
    caseId,
    section,
    version,
    ownerOrg,
    writtenBy,
    at: call.at,
    corrects,
    content,
  });
  return answer({ version });
}

interface ReadRequest extends Subject {
  readonly section: string;
  readonly purpose: string;
  /** 0 or undefined: the newest. An earlier version is only for those who act on the case. */
  readonly version?: number;
}

export interface ReadResult {
  readonly content: Personal<string>;
  readonly version: number;
  readonly basis: string;
  readonly disclosureId: string;
  readonly disagreementNoteIds: string[];
  /** How many files are attached to the section. */
  readonly attachments: number;
}

/** Reads a section and logs the reading in one transaction, so that no reading is unlogged. */
export async function read(
  tx: Transaction,
  pack: CountryPack,
  sealedStore: SealedStore,
  request: ReadRequest,
  call: Call,
): Promise<Answer<ReadResult>> {
  const allowed = await mayBeRead(tx, pack, request, call);
  if (allowed.kind === 'refused') return allowed;
  const { file, basis, permissionId, serviceClass } = allowed.response;
  const { section, purpose } = request;
  const history = file.sections[section];
  const version = request.version || history?.version;
  if (request.version && !mayAct(file, call.actor))
    return refused('newest-version-only', 'version');
  const content =
    version && (await sealedStore.readSection(tx, { caseId: file.caseId, section, version }));
  if (!version || !content || !history) return refused('section-empty', 'section');
  const disclosureId = randomUUID();
  const was = { disclosureId, section, version, purpose, basis };
  await record(tx, pack, call, {
    file,
    event: { type: 'SectionRead', ...was },
    content: section,
    permissionId,
    serviceClass,
    ...was,
  });
  const attachments = await countAttachments(tx, file.caseId, section);
  const disagreementNoteIds = disagreementsWith(history, version);
  return answer({ content, version, basis, disclosureId, disagreementNoteIds, attachments });
}

export interface Allowed {
  readonly file: CaseFile;
  readonly basis: string;
  readonly permissionId: string | undefined;
  readonly serviceClass: string | undefined;
}

/** Checks the reading on the locked file, so that the journal has no reading after the withdrawal that ended it. */
export async function mayBeRead(
  tx: Transaction,
  pack: CountryPack,
  request: ReadRequest,
  call: Call,
): Promise<Answer<Allowed>> {
  const resolved = await resolveCase(tx, request, call.actor.organisation);
  if (resolved.kind === 'refused') return resolved;
  const field = request.caseId === undefined ? 'hold_id' : 'case_id';
  const file = await lockedFile(tx, resolved.response.caseId);
  if (!file) return refused('not-found', field);
  const { verdict, serviceClass } = await verdictOn(tx, pack, file, request, call);
  if (!verdict.isAllowed)
    return refused(verdict.refusal, verdict.refusal === 'not-found' ? field : 'purpose');
  const { basis, permissionId } = verdict;
  return answer({ file, basis, permissionId, serviceClass });
}

/** The verdict on this state of the file. */
export async function verdictOn(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  { section, purpose }: Pick<ReadRequest, 'section' | 'purpose'>,
  { actor: { organisation }, at }: Call,
): Promise<{ verdict: ReadVerdict; serviceClass: string | undefined }> {
  const relations = await relationsOf(tx, file.caseId, organisation);
  const powers = await powersOf(tx, pack, organisation);
  const reading = { organisation, section, purpose, relations, powers };
  const verdict = mayRead(file, reading, pack.consent.powerLimits, at);
  return { verdict, serviceClass: relations[0]?.serviceClass };
}

interface ReadRecord {
  readonly file: CaseFile;
  readonly event: CaseFileEvent;
  readonly disclosureId: string;
  readonly content: string;
  readonly purpose: string;
  readonly basis: string;
  readonly permissionId?: string | undefined;
  readonly serviceClass?: string | undefined;
}

/** Records a reading in the journal and in the disclosure log. */
export async function record(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  was: ReadRecord,
): Promise<void> {
  const {
    file,
    event,
    disclosureId: id,
    content,
    purpose,
    basis,
    permissionId,
    serviceClass,
  } = was;
  const { caseId } = file;
  const context = {
    at: call.at,
    author: { ...authorOf(call.actor), basis },
    ruleVersion: pack.id,
    rules: pack.consent,
  };
  await caseFiles.change(tx, caseId, context, () => ({ kind: 'accepted', events: [event] }));
  logDisclosure(tx, {
    id,
    at: call.at,
    byService: 'case-vault',
    caseId,
    organisationId: call.actor.organisation,
    personId: call.actor.person,
    content,
    purpose,
    basis,
    permissionId,
    serviceClass,
  });
}

export interface VersionRow {
  version: number;
  written_by: string;
  at: number;
  corrects: string | null;
}

/** The versions of a section, newest first; undefined if the caller may not act on the case. */
export async function versions(tx: Transaction, caseId: string, section: string, call: Call) {
  const file = await caseFiles.find(tx, caseId);
  if (!file || !mayAct(file, call.actor)) return undefined;
  const { rows } = await tx.query<VersionRow>({
    name: 'section-versions',
    text: `SELECT version, written_by, at, corrects FROM sealed_section WHERE case_id = $1 AND section = $2 ORDER BY version DESC LIMIT 200`,
    values: [caseId, section],
  });
  return { rows, disagreements: file.sections[section]?.disagreements ?? [] };
}
