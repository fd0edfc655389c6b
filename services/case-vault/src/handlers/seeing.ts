import type { CountryPack } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { powersOf } from '../adapters/organisations.ts';
import { everyRelation } from '../adapters/relations.ts';
import type { CaseFile } from '../domain/case-file.ts';
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
  return Promise.all(
    everybody.map(async (organisation) => ({
      ...{ organisation, relations: relations.get(organisation) ?? [] },
      powers: await powersOf(tx, pack, organisation),
    })),
  );
}

/** How a file is seen at a moment, and how it would be as `thought` of, by those who are concerned. `caring`: those who have to do with her now, but her own caseworkers. */
export async function sightOf(tx: Transaction, pack: CountryPack, file: CaseFile, thought: CaseFile = file) {
  const organisations = await concerned(tx, pack, file, thought);
  const of = { sections: codesOf(pack.sections), purposes: codesOf(pack.purposes), walls: pack.consent.walls };
  return {
    at: (seen: CaseFile, now: Instant): Sight[] => whoCouldSee(seen, organisations, of, now),
    caring: organisations
      .filter((one) => one.relations.length > 0 && one.powers.length === 0 && one.organisation !== file.ownerOrg)
      .map(({ organisation }) => organisation),
  };
}

export async function nowSeen(tx: Transaction, pack: CountryPack, file: CaseFile, now: Instant) {
  const sight = await sightOf(tx, pack, file);
  return { sights: sight.at(file, now), caring: sight.caring };
}
