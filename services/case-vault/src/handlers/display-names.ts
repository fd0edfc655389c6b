import type { CountryPack } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';
import type { CaseFile } from '../domain/case-file.ts';
import type { ReadAccess } from '../domain/reading/read-access.ts';
import { classesOf } from '../outbound/organisations.ts';

/** How an organisation is shown in a list that the person may be forced to show. */
export interface DisplayName {
  readonly organisation: string | undefined;
  readonly serviceClass: string | undefined;
}

export type DisplayNameOf = (organisation: string) => DisplayName;

/**
 * No such list names a place (`domain.md` §4): an organisation with a service of a hidden class goes by that class, whatever else it does. One of which
 * the directory says nothing may be a place too; authorities of the country, and the body that keeps the file, are none.
 */
export async function displayNamesOf(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  organisations: readonly string[],
): Promise<DisplayNameOf> {
  const classes = await classesOf(tx, [...new Set(organisations)]);
  const isPublic = (one: string): boolean =>
    one === file.ownerOrg ||
    pack.identification.authorities.some(({ organisationId }) => organisationId === one);
  return (organisation) => {
    const known = classes.get(organisation) ?? [];
    const hidden = known.find((one) => pack.consent.hiddenServiceClasses.includes(one));
    if (hidden !== undefined) return { organisation: undefined, serviceClass: hidden };
    return {
      organisation: known.length > 0 || isPublic(organisation) ? organisation : undefined,
      serviceClass: known[0],
    };
  };
}

/** Who could see what, by names that betray no place; those that have one name are one line. */
export function withDisplayNames(
  accesses: readonly ReadAccess[],
  nameOf: DisplayNameOf,
): ReadAccess[] {
  const all = accesses.map((one) =>
    one.organisation === undefined
      ? one
      : { ...one, ...withServiceClass(nameOf(one.organisation), one.serviceClass) },
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** An organisation that may be named keeps the class of its relation. */
const withServiceClass = (name: DisplayName, serviceClass: string | undefined): DisplayName =>
  name.organisation === undefined
    ? name
    : { ...name, serviceClass: serviceClass ?? name.serviceClass };

export const organisationsOf = (accesses: readonly ReadAccess[]): string[] =>
  accesses.flatMap(({ organisation }) => organisation ?? []);
