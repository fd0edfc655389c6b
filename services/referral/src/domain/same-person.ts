import type { CaseReference } from './need.ts';

/** Every reference by which this service knows a person, by each of these references. One that is the only one of its person may be missing. */
export type SamePerson = ReadonlyMap<string, readonly CaseReference[]>;

/** The references of the person of this one, itself among them. */
export const referencesOf = (
  reference: CaseReference,
  samePerson: SamePerson,
): readonly CaseReference[] => samePerson.get(reference) ?? [reference];

/** Every reference of the people of these. */
export const allReferencesOf = (
  references: readonly CaseReference[],
  samePerson: SamePerson,
): CaseReference[] => [...new Set(references.flatMap((one) => referencesOf(one, samePerson)))];

/** Two of these references are one person. */
export const hasSamePersonTwice = (
  references: readonly CaseReference[],
  samePerson: SamePerson,
): boolean =>
  references.some((one, nth) =>
    references.slice(nth + 1).some((other) => referencesOf(one, samePerson).includes(other)),
  );
