import type { CaseReference } from './need.ts';

/**
 * All references by which this service knows a person, for each of these references. A reference that is the person's only one may be
 * missing.
 */
export type SamePerson = ReadonlyMap<string, readonly CaseReference[]>;

/** All references of the person whom this reference names, including this one. */
export const referencesOf = (
  reference: CaseReference,
  samePerson: SamePerson,
): readonly CaseReference[] => samePerson.get(reference) ?? [reference];

/** All references of the people whom these references name. */
export const allReferencesOf = (
  references: readonly CaseReference[],
  samePerson: SamePerson,
): CaseReference[] => [...new Set(references.flatMap((one) => referencesOf(one, samePerson)))];

/** Two of these references name the same person. */
export const hasSamePersonTwice = (
  references: readonly CaseReference[],
  samePerson: SamePerson,
): boolean =>
  references.some((one, nth) =>
    references.slice(nth + 1).some((other) => referencesOf(one, samePerson).includes(other)),
  );
