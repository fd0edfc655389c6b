import type { Consent, Power } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { mayRead, type Relation } from './reading.ts';

/** An organisation that has or could have a relation. */
export interface Organisation {
  readonly organisation: string;
  readonly relations: readonly Relation[];
  readonly powers: readonly Power[];
}

/** One thing that somebody could see. `organisation` is undefined for any service of a class that has no relation yet. */
export interface ReadAccess {
  readonly organisation: string | undefined;
  readonly serviceClass: string | undefined;
  readonly section: string;
  readonly purpose: string;
  readonly basis: string;
}

const A_SERVICE = 'a-service-of-this-class';

/**
 * Who could read what at a moment: everybody with a relation or named, and one service of each permitted class.
 */
export function listReadAccess(
  file: CaseFile,
  organisations: readonly Organisation[],
  {
    sections,
    purposes,
    powerLimits,
  }: {
    readonly sections: readonly string[];
    readonly purposes: readonly string[];
    readonly powerLimits: Consent['powerLimits'];
  },
  now: Instant,
): ReadAccess[] {
  const classes = [
    ...new Set(file.permissions.flatMap(({ receivers }) => receivers.serviceClasses)),
  ];
  const askable = classes.flatMap((serviceClass) =>
    purposes.map((purpose) => ({
      organisation: A_SERVICE,
      serviceClass,
      powers: [],
      relations: [{ holdId: '', serviceClass, region: '', purpose }],
    })),
  );
  const known = organisations.map((one) => ({
    ...one,
    serviceClass: one.relations[0]?.serviceClass,
  }));
  const seen = [...known, ...askable].flatMap(({ organisation, serviceClass, relations, powers }) =>
    sections.flatMap((section) =>
      purposes.flatMap((purpose): ReadAccess[] => {
        const verdict = mayRead(
          file,
          { organisation, section, purpose, relations, powers },
          powerLimits,
          now,
        );
        if (!verdict.isAllowed || (organisation === A_SERVICE && verdict.basis !== 'permission'))
          return [];
        const who = {
          organisation: organisation === A_SERVICE ? undefined : organisation,
          serviceClass,
        };
        return [{ ...who, section, purpose, basis: verdict.basis }];
      }),
    ),
  );
  return [...new Map(seen.map((one) => [keyOf(one), one])).values()];
}

const keyOf = (one: ReadAccess): string =>
  [one.organisation ?? '', one.serviceClass ?? '', one.section, one.purpose].join(' ');

export interface AccessDifference {
  /** Who could see more. */
  readonly gained: readonly ReadAccess[];
  /** Who could see it no more. */
  readonly lost: readonly ReadAccess[];
  /** Who could see it all the same, and on what. */
  readonly unchanged: readonly ReadAccess[];
}

/** The difference after a permission or a withdrawal. */
export function difference(
  before: readonly ReadAccess[],
  after: readonly ReadAccess[],
): AccessDifference {
  const [was, is] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    gained: after.filter((one) => !was.has(keyOf(one))),
    lost: before.filter((one) => !is.has(keyOf(one))),
    unchanged: after.filter((one) => was.has(keyOf(one))),
  };
}
