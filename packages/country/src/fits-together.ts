import { providerOf, providerServices } from '@opennrm/contracts/providers';
import { noneTwice } from './code.ts';
import { unknownCodes } from './consent.ts';
import type { Parts } from './pack.ts';

/** Something to mend, and where it stands. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Rule = (parts: Partial<Parts>) => Problem[];

/** A rule over some parts of a pack: asked where each of them is right by itself. */
const over =
  <Name extends keyof Parts>(names: readonly Name[], wrong: (parts: Pick<Parts, Name>) => Problem[]): Rule =>
  (parts) =>
    names.every((name) => parts[name] !== undefined) ? wrong(parts as Pick<Parts, Name>) : [];

const codesOf = (entries: readonly { readonly code: string }[]): Set<string> => new Set(entries.map((one) => one.code));

const neighboursAreRegions = over(['regions'], ({ regions }) => {
  const known = codesOf(regions);
  return regions.flatMap(({ neighbours }, nth) =>
    neighbours.every((one) => known.has(one))
      ? []
      : [{ path: ['regions', nth, 'neighbours'], message: 'names an unknown region' }],
  );
});

const acceptedBasesAreKnown = over(['bases', 'basesAcceptedAlone'], ({ bases, basesAcceptedAlone }) =>
  basesAcceptedAlone.every((one) => codesOf(bases).has(one))
    ? []
    : [{ path: ['basesAcceptedAlone'], message: 'names an unknown basis' }],
);

/** A need that nobody provides would be accepted and never met; whoever promises beds does not provide a consultation. */
const needsAreProvided = over(['needs'], ({ needs }) =>
  needs.flatMap(({ code, providedBy, unitKind }, nth) => {
    const provider = providerOf(providedBy);
    if (!provider) {
      const message = `must name an installed provider service for ${code}, or the need be left out: ${providerServices.join(', ')}`;
      return [{ path: ['needs', nth, 'providedBy'], message }];
    }
    if (provider.unitKinds.includes(unitKind)) return [];
    const message = `must be what ${providedBy} promises, or ${code} be left out: ${provider.unitKinds.join(', ')}`;
    return [{ path: ['needs', nth, 'unitKind'], message }];
  }),
);

/** A night shelter is no answer to a need of another kind. */
const onlyAccommodationHasALastResort = over(['needs'], ({ needs }) =>
  needs.flatMap(({ providedBy, unitKind, placeOfLastResort }, nth) => {
    const provider = providerOf(providedBy);
    const isAccommodation = provider?.isAccommodation === true && provider.unitKinds.includes(unitKind);
    return placeOfLastResort && !isAccommodation
      ? [{ path: ['needs', nth, 'placeOfLastResort'], message: 'must be false for what is no accommodation' }]
      : [];
  }),
);

const needsAreServiceClasses = over(['needs', 'serviceClasses'], ({ needs, serviceClasses }) =>
  needs.flatMap(({ code }, nth) =>
    codesOf(serviceClasses).has(code)
      ? []
      : [{ path: ['needs', nth, 'code'], message: 'must stand in serviceClasses too' }],
  ),
);

const consentNamesWhatThereIs = over(['consent', 'bases', 'sections', 'purposes', 'serviceClasses'], (pack) =>
  unknownCodes(pack.consent, {
    ...{ bases: codesOf(pack.bases), sections: codesOf(pack.sections) },
    ...{ purposes: codesOf(pack.purposes), serviceClasses: codesOf(pack.serviceClasses) },
  }),
);

const everyCalendarHasEveryYear = over(['calendars', 'calendarYears'], ({ calendars, calendarYears }) => {
  const { first, last } = calendarYears;
  const asked = Array.from({ length: Math.max(0, last - first + 1) }, (_, nth) => first + nth);
  return calendars.flatMap(({ code, years }) =>
    asked
      .filter((year) => !years.includes(year))
      .map((year) => ({ path: ['calendars', code, 'holidays'], message: `has no list for ${year}` })),
  );
});

const serviceCalendarIsThere = over(['calendars', 'serviceCalendar'], ({ calendars, serviceCalendar }) =>
  codesOf(calendars).has(serviceCalendar) ? [] : [{ path: ['serviceCalendar'], message: 'names an unknown calendar' }],
);

const authorityHasACalendar = over(['calendars', 'identification'], ({ calendars, identification }) =>
  codesOf(calendars).has(identification.calendar)
    ? []
    : [{ path: ['identification', 'calendar'], message: 'names an unknown calendar' }],
);

const rolesOfTheProcessAreKnown = over(['roles', 'identification'], ({ roles, identification }) => {
  const { steps, referredBy, escalation } = identification;
  const named = [
    ...steps.flatMap((step) => step.decidedBy),
    ...referredBy,
    ...escalation.map(({ ownerRole }) => ownerRole),
  ];
  return [...new Set(named)]
    .filter((role) => !codesOf(roles).has(role))
    .map((role) => ({ path: ['identification'], message: `names an unknown role, ${role}` }));
});

const labourRightsAreAServiceClass = over(['serviceClasses', 'identification'], ({ serviceClasses, identification }) =>
  codesOf(serviceClasses).has(identification.labourRights.serviceClass)
    ? []
    : [{ path: ['identification', 'labourRights', 'serviceClass'], message: 'names an unknown service class' }],
);

/** A body that has no power to identify cannot decide on a status, whatever it is called. */
const authoritiesMayIdentify = over(['identification'], ({ identification }) =>
  identification.authorities.flatMap(({ powers }, nth) =>
    powers.includes('identification')
      ? []
      : [{ path: ['identification', 'authorities', nth, 'powers'], message: 'must name identification' }],
  ),
);

const LISTS = ['reasons', 'returnReasons', 'reconsiderationReasons', 'pauseGrounds', 'suspensionGrounds'] as const;

const nothingOfTheProcessIsNamedTwice = over(['identification'], ({ identification }) =>
  LISTS.filter((name) => !noneTwice(identification[name])).map((name) => ({
    ...{ path: ['identification', name], message: 'names a code twice' },
  })),
);

/** Whoever is told of delay, and whoever decides, holds that desk: else nobody could act on what they are told. */
const desksOfTheProcessAreHeld = over(['roles', 'identification'], ({ roles, identification }) => {
  const mayHold = (role: string, organisationId: string): boolean =>
    roles.find(({ code }) => code === role)?.heldBy?.includes(organisationId) !== false;
  const told = identification.escalation.flatMap(({ ownerRole, organisationId }, nth) =>
    organisationId === undefined || mayHold(ownerRole, organisationId)
      ? []
      : [{ path: ['identification', 'escalation', nth], message: `must hold the desk ${ownerRole} in roles` }],
  );
  const deciding = identification.authorities.flatMap(({ organisationId }, nth) =>
    mayHold('competent-authority', organisationId)
      ? []
      : [
          {
            path: ['identification', 'authorities', nth],
            message: 'must hold the desk competent-authority in roles',
          },
        ],
  );
  return [...told, ...deciding];
});

/** What is of the whole country is some organisation's task, and not that of every organisation that has such a role. */
const countryDesksAreHeld = over(['roles'], ({ roles }) =>
  COUNTRY_DESKS.filter((desk) => roles.find(({ code }) => code === desk)?.heldBy === undefined).map((desk) => ({
    path: ['roles'],
    message: `must name who holds the desk ${desk} (heldBy)`,
  })),
);

const COUNTRY_DESKS = ['coordinator', 'accreditor', 'data-protection-officer', 'competent-authority'];

/** Who may act on a referral, and so on its alerts: an alert of anybody else could be resolved by nobody. */
const OWNERS_OF_ALERTS = ['responder', 'caseworker', 'coordinator'];

const alertsHaveAnOwnerWhoMayAct = over(['alerts', 'otherAlerts', 'roles'], ({ alerts, otherAlerts, roles }) => {
  const owned = alerts.map(({ ownerRole }, nth) => ({ ownerRole, path: ['alerts', nth, 'ownerRole'] }));
  return [...owned, { ownerRole: otherAlerts.ownerRole, path: ['otherAlerts', 'ownerRole'] }].flatMap(
    ({ ownerRole, path }) => {
      if (!codesOf(roles).has(ownerRole)) return [{ path, message: 'names an unknown role' }];
      return OWNERS_OF_ALERTS.includes(ownerRole)
        ? []
        : [{ path, message: `must be ${OWNERS_OF_ALERTS.join(', ')}: nobody else may act on a referral` }];
    },
  );
});

/** Nobody is left without a place to sleep tonight. */
const everybodyHasALastResort = over(['groups', 'regions', 'placesOfLastResort'], (pack) => {
  const named = new Set(pack.placesOfLastResort.map(({ group, region }) => `${group} in ${region}`));
  return pack.regions
    .flatMap((region) => pack.groups.map((group) => `${group.code} in ${region.code}`))
    .filter((one) => !named.has(one))
    .map((one) => ({ path: ['placesOfLastResort'], message: `names no place for ${one}` }));
});

/** A misspelt code names a place that nobody is ever sent to, and of two places for one group in one region nobody knows which is meant. */
const placesOfLastResortAreClear = over(['groups', 'regions', 'placesOfLastResort'], (pack) => {
  const { groups, regions, placesOfLastResort } = pack;
  const isSameAs = (one: LastResort) => (other: LastResort) => other.group === one.group && other.region === one.region;
  return placesOfLastResort.flatMap((one, nth) => {
    const path = ['placesOfLastResort', nth];
    const problems: Problem[] = [];
    if (!codesOf(groups).has(one.group)) problems.push({ path, message: 'names an unknown group' });
    if (!codesOf(regions).has(one.region)) problems.push({ path, message: 'names an unknown region' });
    if (placesOfLastResort.findIndex(isSameAs(one)) < nth)
      problems.push({ path, message: `names ${one.group} in ${one.region} again` });
    return problems;
  });
});

type LastResort = Parts['placesOfLastResort'][number];

const rules: readonly Rule[] = [
  needsAreProvided,
  onlyAccommodationHasALastResort,
  needsAreServiceClasses,
  ...[neighboursAreRegions, acceptedBasesAreKnown, consentNamesWhatThereIs],
  ...[everyCalendarHasEveryYear, serviceCalendarIsThere, authorityHasACalendar],
  ...[rolesOfTheProcessAreKnown, labourRightsAreAServiceClass, authoritiesMayIdentify, nothingOfTheProcessIsNamedTwice],
  desksOfTheProcessAreHeld,
  countryDesksAreHeld,
  alertsHaveAnOwnerWhoMayAct,
  everybodyHasALastResort,
  placesOfLastResortAreClear,
];

/** Whether the parts of a pack fit together: only codes that it defines itself, and a place of last resort for every group and region. */
export const fitsTogether = (parts: Partial<Parts>): Problem[] => rules.flatMap((rule) => rule(parts));
