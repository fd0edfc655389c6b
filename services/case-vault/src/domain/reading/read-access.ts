import type { Consent, Power } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { CaseFile } from '../case-file.ts';
import { mayRead, type Relation } from './reading.ts';

/** An organisation, with its relations to the person and its powers. */
export interface Organisation {
  readonly organisation: string;
  readonly relations: readonly Relation[];
  readonly powers: readonly Power[];
}

/** One section that an organisation could read. `organisation` is undefined for any service of a class without a relation yet. */
export interface ReadAccess {
  readonly organisation: string | undefined;
  readonly serviceClass: string | undefined;
  readonly section: string;
  readonly purpose: string;
  readonly basis: string;
}

const A_SERVICE = 'a-service-of-this-class';

/** Who could read what at a moment: the given organisations, and one unnamed service of each permitted class. */
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
  /** Access that exists only after the change. */
  readonly gained: readonly ReadAccess[];
  /** Access that existed only before the change. */
  readonly lost: readonly ReadAccess[];
  /** Access that exists before and after, with its basis after the change. */
  readonly unchanged: readonly ReadAccess[];
}

/** The access that a permission or a withdrawal adds, removes and leaves. */
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
