import { deliveriesOf, providerOf, providerServices } from '@opennrm/contracts/providers';
import { hasNoDuplicates } from './code.ts';
import { unknownCodes } from './consent.ts';
import { deskRules } from './consistency-of-desks.ts';
import { codesOf, type Problem, type Rule, ruleOver } from './consistency-rule.ts';
import type { Parts } from './pack.ts';

const neighboursAreRegions = ruleOver(['regions'], ({ regions }) => {
  const known = codesOf(regions);
  return regions.flatMap(({ neighbours }, nth) =>
    neighbours.every((one) => known.has(one))
      ? []
      : [{ path: ['regions', nth, 'neighbours'], message: 'names an unknown region' }],
  );
});

const acceptedBasesAreKnown = ruleOver(['bases', 'emergencyBases'], ({ bases, emergencyBases }) =>
  emergencyBases.every((one) => codesOf(bases).has(one))
    ? []
    : [{ path: ['emergencyBases'], message: 'names an unknown basis' }],
);

/** A need that no service provides would be accepted and never met. A service that provides beds does not provide consultations. */
const needsAreProvided = ruleOver(['needs'], ({ needs }) =>
  needs.flatMap(({ code, providedBy, unitKind }, nth) => {
    const provider = providerOf(providedBy);
    if (!provider) {
      const message = `must name an installed provider service for ${code}, or omit the need: ${providerServices.join(', ')}`;
      return [{ path: ['needs', nth, 'providedBy'], message }];
    }
    if (deliveriesOf(provider, unitKind)) return [];
    const message = `must be a unit kind of ${providedBy}, or omit ${code}: ${Object.keys(provider.unitKinds).join(', ')}`;
    return [{ path: ['needs', nth, 'unitKind'], message }];
  }),
);

/** A person is not brought to an appointment by an escort, and no worker takes up a bed. */
const deliveriesArePossible = ruleOver(['needs'], ({ needs }) =>
  needs.flatMap(({ providedBy, unitKind, delivery }, nth) => {
    const provider = providerOf(providedBy);
    const possible = provider && deliveriesOf(provider, unitKind);
    if (!possible || possible.includes(delivery)) return [];
    const message = `must be a delivery that ${providedBy} has for the unit kind ${unitKind}: ${possible.join(', ')}`;
    return [{ path: ['needs', nth, 'delivery'], message }];
  }),
);

/** A night shelter does not meet a need of another kind. */
const onlyAccommodationHasALastResort = ruleOver(['needs'], ({ needs }) =>
  needs.flatMap(({ providedBy, unitKind, placeOfLastResort }, nth) => {
    const provider = providerOf(providedBy);
    const isAccommodation =
      provider?.isAccommodation === true && deliveriesOf(provider, unitKind) !== undefined;
    return placeOfLastResort && !isAccommodation
      ? [
          {
            path: ['needs', nth, 'placeOfLastResort'],
            message: 'must be false for a need that is not accommodation',
          },
        ]
      : [];
  }),
);

const purposesOfNeedsAreKnown = ruleOver(['needs', 'purposes'], ({ needs, purposes }) =>
  needs.flatMap((need, nth) =>
    need.purposes.flatMap((code, place) =>
      code === 'identification-decision' || !codesOf(purposes).has(code)
        ? [
            {
              path: ['needs', nth, 'purposes', place],
              message: 'must be a purpose of the pack, and not identification-decision',
            },
          ]
        : [],
    ),
  ),
);

const needsAreServiceClasses = ruleOver(['needs', 'serviceClasses'], ({ needs, serviceClasses }) =>
  needs.flatMap(({ code }, nth) =>
    codesOf(serviceClasses).has(code)
      ? []
      : [{ path: ['needs', nth, 'code'], message: 'must also be in serviceClasses' }],
  ),
);

const consentCodesAreKnown = ruleOver(
  ['consent', 'bases', 'sections', 'purposes', 'serviceClasses'],
  (pack) =>
    unknownCodes(pack.consent, {
      bases: codesOf(pack.bases),
      sections: codesOf(pack.sections),
      purposes: codesOf(pack.purposes),
      serviceClasses: codesOf(pack.serviceClasses),
    }),
);

const everyCalendarHasEveryYear = ruleOver(
  ['calendars', 'calendarYears'],
  ({ calendars, calendarYears }) => {
    const { first, last } = calendarYears;
    const asked = Array.from({ length: Math.max(0, last - first + 1) }, (_, nth) => first + nth);
    return calendars.flatMap(({ code, years }) =>
      asked
        .filter((year) => !years.includes(year))
        .map((year) => ({
          path: ['calendars', code, 'holidays'],
          message: `has no list for ${year}`,
        })),
    );
  },
);

const serviceCalendarIsKnown = ruleOver(
  ['calendars', 'serviceCalendar'],
  ({ calendars, serviceCalendar }) =>
    codesOf(calendars).has(serviceCalendar)
      ? []
      : [{ path: ['serviceCalendar'], message: 'names an unknown calendar' }],
);

const authorityHasACalendar = ruleOver(
  ['calendars', 'identification'],
  ({ calendars, identification }) =>
    codesOf(calendars).has(identification.calendar)
      ? []
      : [{ path: ['identification', 'calendar'], message: 'names an unknown calendar' }],
);

const rolesOfTheProcessAreKnown = ruleOver(
  ['roles', 'identification'],
  ({ roles, identification }) => {
    const { steps, referredBy, escalation } = identification;
    const named = [
      ...steps.flatMap((step) => step.decidedBy),
      ...referredBy,
      ...escalation.map(({ ownerRole }) => ownerRole),
    ];
    return [...new Set(named)]
      .filter((role) => !codesOf(roles).has(role))
      .map((role) => ({ path: ['identification'], message: `names an unknown role, ${role}` }));
  },
);

const labourRightsAreAServiceClass = ruleOver(
  ['serviceClasses', 'identification'],
  ({ serviceClasses, identification }) =>
    codesOf(serviceClasses).has(identification.labourRights.serviceClass)
      ? []
      : [
          {
            path: ['identification', 'labourRights', 'serviceClass'],
            message: 'names an unknown service class',
          },
        ],
);

/** An authority without the power to identify cannot decide on a status, whatever its name. */
const authoritiesMayIdentify = ruleOver(['identification'], ({ identification }) =>
  identification.authorities.flatMap(({ powers }, nth) =>
    powers.includes('identification')
      ? []
      : [
          {
            path: ['identification', 'authorities', nth, 'powers'],
            message: 'must name identification',
          },
        ],
  ),
);

const LISTS = [
  'reasons',
  'returnReasons',
  'reconsiderationReasons',
  'pauseGrounds',
  'suspensionGrounds',
] as const;

const processNamesNoCodeTwice = ruleOver(['identification'], ({ identification }) =>
  LISTS.filter((name) => !hasNoDuplicates(identification[name])).map((name) => ({
    path: ['identification', name],
    message: 'names a code twice',
  })),
);

/** Every group in every region has a place to sleep tonight. */
const everyoneHasLastResort = ruleOver(['groups', 'regions', 'placesOfLastResort'], (pack) => {
  const named = new Set(
    pack.placesOfLastResort.map(({ group, region }) => `${group} in ${region}`),
  );
  return pack.regions
    .flatMap((region) => pack.groups.map((group) => `${group.code} in ${region.code}`))
    .filter((one) => !named.has(one))
    .map((one) => ({ path: ['placesOfLastResort'], message: `names no place for ${one}` }));
});

/** A misspelt code names a place that no person is ever sent to, and two places for one group in one region are ambiguous. */
const placesOfLastResortAreClear = ruleOver(['groups', 'regions', 'placesOfLastResort'], (pack) => {
  const { groups, regions, placesOfLastResort } = pack;
  const isSameAs = (one: LastResort) => (other: LastResort) =>
    other.group === one.group && other.region === one.region;
  return placesOfLastResort.flatMap((one, nth) => {
    const path = ['placesOfLastResort', nth];
    const problems: Problem[] = [];
    if (!codesOf(groups).has(one.group)) problems.push({ path, message: 'names an unknown group' });
    if (!codesOf(regions).has(one.region))
      problems.push({ path, message: 'names an unknown region' });
    if (placesOfLastResort.findIndex(isSameAs(one)) < nth)
      problems.push({ path, message: `names ${one.group} in ${one.region} again` });
    return problems;
  });
});

type LastResort = Parts['placesOfLastResort'][number];

const rules: readonly Rule[] = [
  needsAreProvided,
  deliveriesArePossible,
  onlyAccommodationHasALastResort,
  needsAreServiceClasses,
  purposesOfNeedsAreKnown,
  neighboursAreRegions,
  acceptedBasesAreKnown,
  consentCodesAreKnown,
  everyCalendarHasEveryYear,
  serviceCalendarIsKnown,
  authorityHasACalendar,
  rolesOfTheProcessAreKnown,
  labourRightsAreAServiceClass,
  authoritiesMayIdentify,
  processNamesNoCodeTwice,
  ...deskRules,
  everyoneHasLastResort,
  placesOfLastResortAreClear,
];

/**
 * Checks that the parts of a pack are consistent: they use only codes that the pack defines, and there is a place of last resort for
 * every group and region.
 */
export const findInconsistencies = (parts: Partial<Parts>): Problem[] =>
  rules.flatMap((rule) => rule(parts));
