import type { CountryPack } from '@opennrm/country';
import type { Transaction } from '@opennrm/runtime';
import { classesOf } from '../adapters/organisations.ts';
import type { CaseFile } from '../domain/case-file.ts';
import type { Sight } from '../domain/reading/who-could-see.ts';

/** How an organisation stands in a list that she may be made to show; both undefined where nobody has said what it does. */
export interface Name {
  readonly organisation: string | undefined;
  readonly serviceClass: string | undefined;
}

export type NameOf = (organisation: string) => Name;

/**
 * No such list names a place (`domain.md` §4): an organisation with a service of a hidden class goes by that class, whatever else it does. One of which
 * the directory says nothing may be a place too; authorities of the country, and the body that keeps her file, are none.
 */
export async function namesOf(
  tx: Transaction,
  pack: CountryPack,
  file: CaseFile,
  organisations: readonly string[],
): Promise<NameOf> {
  const classes = await classesOf(tx, [...new Set(organisations)]);
  const isPublic = (one: string): boolean =>
    one === file.ownerOrg || pack.identification.authorities.some(({ organisationId }) => organisationId === one);
  return (organisation) => {
    const known = classes.get(organisation) ?? [];
    const hidden = known.find((one) => pack.consent.hiddenReceivers.includes(one));
    if (hidden !== undefined) return { organisation: undefined, serviceClass: hidden };
    return {
      organisation: known.length > 0 || isPublic(organisation) ? organisation : undefined,
      serviceClass: known[0],
    };
  };
}

/** Who could see what, by names that betray no place; those that have one name are one line. */
export function renamed(sights: readonly Sight[], nameOf: NameOf): Sight[] {
  const all = sights.map((one) =>
    one.organisation === undefined ? one : { ...one, ...keepClass(nameOf(one.organisation), one.serviceClass) },
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** An organisation that may be named keeps the class by which it has to do with her. */
const keepClass = (name: Name, serviceClass: string | undefined): Name =>
  name.organisation === undefined ? name : { ...name, serviceClass: serviceClass ?? name.serviceClass };

export const organisationsOf = (sights: readonly Sight[]): string[] =>
  sights.flatMap(({ organisation }) => organisation ?? []);
