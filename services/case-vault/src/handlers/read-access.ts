import type { CountryPack } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../domain/case-file.ts';
import {
  listReadAccess,
  type Organisation,
  type ReadAccess,
} from '../domain/reading/read-access.ts';
import { mayReadSafetyNotes } from '../domain/reading/safety-notes.ts';
import { powersOfEach } from '../outbound/organisations.ts';
import { everyRelation } from '../outbound/relations.ts';

const codesOf = (list: readonly { readonly code: string }[]): string[] =>
  list.map(({ code }) => code);

/** Organisations with a relation, or named in a permission, a basis or a proposed change. */
async function relatedOrganisations(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  proposed: CaseFile,
): Promise<Organisation[]> {
  const relations = await everyRelation(tx, file.caseId);
  const named = [
    ...[...file.permissions, ...proposed.permissions].flatMap(
      ({ receivers }) => receivers.organisationIds,
    ),
    ...file.bases.map(({ controller }) => controller),
    ...file.openings.map(({ organisation }) => organisation),
  ];
  const everybody = [...new Set([file.ownerOrg as string, ...relations.keys(), ...named])];
  const powers = await powersOfEach(tx, pack, everybody);
  return everybody.map((organisation) => ({
    organisation,
    relations: relations.get(organisation) ?? [],
    powers: powers.get(organisation) ?? [],
  }));
}

/** How a file is seen at a moment, and how it would be as `thought` of, by those who are concerned: its sections, and its safety notes. */
export async function readAccessOf(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  proposed: CaseFile = file,
) {
  const organisations = await relatedOrganisations(tx, pack, file, proposed);
  const { powerLimits } = pack.consent;
  const of = { sections: codesOf(pack.sections), purposes: codesOf(pack.purposes), powerLimits };
  return (seen: CaseFile, now: Instant): ReadAccess[] => [
    ...listReadAccess(seen, organisations, of, now),
    ...organisations.flatMap((one) => safetyNoteAccess(seen, one, of, now)),
  ];
}

interface Rules {
  readonly purposes: readonly string[];
  readonly powerLimits: CountryPack['consent']['powerLimits'];
}

/** The notes for safety that an organisation could read: whoever cares for the person, for what it cares; anybody else for any purpose that lets it. */
function safetyNoteAccess(
  file: CaseFile,
  { organisation, relations, powers }: Organisation,
  { purposes, powerLimits }: Rules,
  now: Instant,
): ReadAccess[] {
  if (organisation === file.ownerOrg) return [];
  const asked =
    relations.length > 0 ? [...new Set(relations.map(({ purpose }) => purpose))] : purposes;
  const serviceClass = relations[0]?.serviceClass;
  return asked.flatMap((purpose) => {
    const verdict = mayReadSafetyNotes(
      file,
      { organisation, purpose, relations, powers },
      powerLimits,
      now,
    );
    if (!verdict.isAllowed) return [];
    return file.safetyNotes.map(({ kind }) => ({
      organisation,
      serviceClass,
      section: `${SAFETY_NOTE}${kind}`,
      purpose,
      basis: verdict.basis,
    }));
  });
}

/** Before the kind of a note for safety, where a section would stand. */
export const SAFETY_NOTE = 'safety-note:';
