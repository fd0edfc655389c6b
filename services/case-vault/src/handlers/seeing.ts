import type { CountryPack } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { powersOfEach } from '../adapters/organisations.ts';
import { everyRelation } from '../adapters/relations.ts';
import type { CaseFile } from '../domain/case-file.ts';
import { mayReadSafetyNotes } from '../domain/reading/safety-notes.ts';
import { type Organisation, type Sight, whoCouldSee } from '../domain/reading/who-could-see.ts';

const codesOf = (list: readonly { readonly code: string }[]): string[] => list.map(({ code }) => code);

/** Everybody who has to do with her now, or is named in what she said, or thinks of saying. */
async function concerned(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  thought: CaseFile,
): Promise<Organisation[]> {
  const relations = await everyRelation(tx, file.caseId);
  const named = [
    ...[...file.permissions, ...thought.permissions].flatMap(({ receivers }) => receivers.organisationIds),
    ...file.bases.map(({ controller }) => controller),
    ...file.opened.map(({ organisation }) => organisation),
  ];
  const everybody = [...new Set([file.ownerOrg as string, ...relations.keys(), ...named])];
  const powers = await powersOfEach(tx, pack, everybody);
  return everybody.map((organisation) => ({
    ...{ organisation, relations: relations.get(organisation) ?? [], powers: powers.get(organisation) ?? [] },
  }));
}

/** How a file is seen at a moment, and how it would be as `thought` of, by those who are concerned: its sections, and the notes that keep her safe. */
export async function sightOf(tx: Transaction, pack: CountryPack, file: CaseFile, thought: CaseFile = file) {
  const organisations = await concerned(tx, pack, file, thought);
  const { walls } = pack.consent;
  const of = { sections: codesOf(pack.sections), purposes: codesOf(pack.purposes), walls };
  return (seen: CaseFile, now: Instant): Sight[] => [
    ...whoCouldSee(seen, organisations, of, now),
    ...organisations.flatMap((one) => warned(seen, one, of, now)),
  ];
}

interface Rules {
  readonly purposes: readonly string[];
  readonly walls: CountryPack['consent']['walls'];
}

/** The notes for safety that an organisation could read: whoever cares for her, for what it cares; anybody else for any purpose that lets it. */
function warned(
  file: CaseFile,
  { organisation, relations, powers }: Organisation,
  { purposes, walls }: Rules,
  now: Instant,
): Sight[] {
  if (organisation === file.ownerOrg) return [];
  const asked = relations.length > 0 ? [...new Set(relations.map(({ purpose }) => purpose))] : purposes;
  const serviceClass = relations[0]?.serviceClass;
  return asked.flatMap((purpose) => {
    const verdict = mayReadSafetyNotes(file, { organisation, purpose, relations, powers }, walls, now);
    if (!verdict.may) return [];
    return file.safetyNotes.map(({ kind }) => ({
      ...{ organisation, serviceClass, section: `${SAFETY_NOTE}${kind}`, purpose, basis: verdict.basis },
    }));
  });
}

/** Before the kind of a note for safety, where a section would stand. */
export const SAFETY_NOTE = 'safety-note:';
