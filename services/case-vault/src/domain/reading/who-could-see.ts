import type { Consent, Power } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { mayRead, type Relation } from './reading.ts';

/** An organisation that has, or could have, to do with her. */
export interface Organisation {
  readonly organisation: string;
  readonly relations: readonly Relation[];
  readonly powers: readonly Power[];
}

/** One thing that somebody could see. `organisation` is undefined for any service of a class that has nothing to do with her yet. */
export interface Sight {
  readonly organisation: string | undefined;
  readonly serviceClass: string | undefined;
  readonly section: string;
  readonly purpose: string;
  readonly basis: string;
}

const A_SERVICE = 'a-service-of-this-class';

/**
 * Who could see what of her file at a moment: everybody who has to do with her or is named, and one service of each class that a permission
 * names, as if it were asked tomorrow.
 */
export function whoCouldSee(
  file: CaseFile,
  organisations: readonly Organisation[],
  {
    sections,
    purposes,
    walls,
  }: { readonly sections: readonly string[]; readonly purposes: readonly string[]; readonly walls: Consent['walls'] },
  now: Instant,
): Sight[] {
  const classes = [...new Set(file.permissions.flatMap(({ receivers }) => receivers.serviceClasses))];
  const askable = classes.flatMap((serviceClass) =>
    purposes.map((purpose) => ({
      ...{ organisation: A_SERVICE, serviceClass, powers: [] },
      relations: [{ holdId: '', serviceClass, region: '', purpose }],
    })),
  );
  const known = organisations.map((one) => ({ ...one, serviceClass: one.relations[0]?.serviceClass }));
  const seen = [...known, ...askable].flatMap(({ organisation, serviceClass, relations, powers }) =>
    sections.flatMap((section) =>
      purposes.flatMap((purpose): Sight[] => {
        const verdict = mayRead(file, { organisation, section, purpose, relations, powers }, walls, now);
        if (!verdict.may || (organisation === A_SERVICE && verdict.basis !== 'permission')) return [];
        const who = { organisation: organisation === A_SERVICE ? undefined : organisation, serviceClass };
        return [{ ...who, section, purpose, basis: verdict.basis }];
      }),
    ),
  );
  return [...new Map(seen.map((one) => [keyOf(one), one])).values()];
}

const keyOf = (one: Sight): string =>
  [one.organisation ?? '', one.serviceClass ?? '', one.section, one.purpose].join(' ');

export interface WhatIf {
  /** Who could see more. */
  readonly gained: readonly Sight[];
  /** Who could see it no more. */
  readonly lost: readonly Sight[];
  /** Who could see it all the same, and on what. */
  readonly stays: readonly Sight[];
}

/** What would be different: before she says yes, or takes something back. */
export function difference(before: readonly Sight[], after: readonly Sight[]): WhatIf {
  const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    gained: after.filter((one) => !was.has(keyOf(one))),
    lost: before.filter((one) => !is.has(keyOf(one))),
    stays: after.filter((one) => was.has(keyOf(one))),
  };
}
