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

/** The owner, organisations with a relation, and those that a permission, a basis, an opening or the proposed change names. */
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

/** @returns a function that lists who can read which sections and safety notes of a state of the file; `proposed` may name further organisations. */
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

/** Safety notes that an organisation could read: with relations, for the purposes of these; without, for every purpose. */
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

/** Prefix of a safety note's kind, in place of a section. */
export const SAFETY_NOTE = 'safety-note:';
