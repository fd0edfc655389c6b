import { z } from 'zod';
import { calendars, timeZone } from './calendars.ts';
import { consent, power, unknownCodes } from './consent.ts';
import { duration } from './duration.ts';
import { identification, retention } from './identification.ts';
import { intakeForm } from './intake-form.ts';

const code = z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be a code: small letters, digits and hyphens');
const coded = z.object({ code, says: z.string().min(1) });
const list = z.array(coded).min(1).refine(noneTwice, 'names a code twice');

function noneTwice(entries: readonly { readonly code: string }[]): boolean {
  return new Set(entries.map((entry) => entry.code)).size === entries.length;
}

const urgency = z
  .object({
    openAtOnce: z.number().int().min(1).max(10),
    soft: duration,
    mostOpen: z.number().int().min(1).max(20),
    closes: duration,
    awaitingPerson: duration,
    journeyToArrange: duration,
    /** Shares of the soft deadline at which a reminder goes out. */
    reminders: z.array(z.number().gt(0).lt(1)).max(5),
  })
  .refine(({ openAtOnce, mostOpen }) => openAtOnce <= mostOpen, 'opens more at once than may be open')
  .refine(({ soft, closes }) => soft < closes, 'closes before its soft deadline')
  .transform(({ soft, closes, awaitingPerson, journeyToArrange, ...counts }) => ({
    ...counts,
    ...{ softMs: soft, closesMs: closes, awaitingPersonMs: awaitingPerson, journeyToArrangeMs: journeyToArrange },
  }));

const clocks = z
  .object({
    waitingForBasis: duration,
    holding: duration,
    holdSafetyNet: duration,
    confirming: duration,
    confirmingTriesBeforeEscalation: z.number().int().min(1),
    dutyAcknowledge: duration,
    journeyStepGrace: duration,
    journeyAtMostAhead: duration,
    heldAfterFailedJourney: duration,
    registerReference: duration,
    unplacedSecondLook: duration,
    unplacedLookAgain: duration,
    alertAgain: duration,
    silentWithin: duration,
    silentAfter: z.number().int().min(1),
    wakeAtMost: z.number().int().min(1).max(500),
  })
  .transform((of) => ({
    waitingForBasisMs: of.waitingForBasis,
    holdingMs: of.holding,
    holdSafetyNetMs: of.holdSafetyNet,
    confirmingMs: of.confirming,
    confirmingTriesBeforeEscalation: of.confirmingTriesBeforeEscalation,
    dutyAcknowledgeMs: of.dutyAcknowledge,
    journeyStepGraceMs: of.journeyStepGrace,
    journeyAtMostAheadMs: of.journeyAtMostAhead,
    heldAfterFailedJourneyMs: of.heldAfterFailedJourney,
    registerReferenceMs: of.registerReference,
    unplacedSecondLookMs: of.unplacedSecondLook,
    unplacedLookAgainMs: of.unplacedLookAgain,
    alertAgainMs: of.alertAgain,
    silentWithinMs: of.silentWithin,
    silentAfter: of.silentAfter,
    wakeAtMost: of.wakeAtMost,
  }));

/** How long a decline keeps a service from being asked again; nothing bars for ever (`matching.md` §1). */
const bar = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('until-capacity-changes') }),
  z.object({ kind: z.literal('this-version-of-the-need') }),
  z.object({ kind: z.literal('recently'), for: duration }).transform(({ kind, for: ms }) => ({ kind, ms })),
]);

const owned = z
  .object({ ownerRole: code, actWithin: duration })
  .transform(({ ownerRole, actWithin }) => ({ ownerRole, actWithinMs: actWithin }));
const alert = z
  .object({ code, ownerRole: code, actWithin: duration })
  .transform(({ actWithin, ...rest }) => ({ ...rest, actWithinMs: actWithin }));

const schema = z.object({
  country: z.string().regex(/^[a-z]{2}$/, 'must be two small letters'),
  version: z.string().regex(/^\d{4}\.\d{1,3}$/, 'must be year.number'),
  timeZone,
  /** The calendar whose holidays services keep, unless one says that it opens then too. */
  serviceCalendar: code,
  /** Every calendar must name the holidays of these years, though there be none. */
  calendarYears: z.object({ first: z.number().int().min(2000), last: z.number().int().max(2100) }),
  ...{ calendars, identification, retention, consent, intakeForm: intakeForm.optional() },
  urgencies: z.object({ emergency: urgency, urgent: urgency, planned: urgency }),
  clocks,
  regions: z
    .array(coded.extend({ neighbours: z.array(code) }))
    .min(1)
    .refine(noneTwice, 'names a code twice'),
  needs: z
    .array(coded.extend({ unitKind: code }))
    .min(1)
    .refine(noneTwice, 'names a code twice'),
  declineCodes: z.array(coded.extend({ bar })).min(1).refine(noneTwice, 'names a code twice'),
  ...{ groups: list, whereNow: list, languages: list, accessibility: list, care: list, risks: list },
  ...{ medicalUrgencies: list, specialisms: list, bases: list, purposes: list, sections: list },
  ...{ personDeclineCodes: list, withdrawalCodes: list, overrideCodes: list, suspensionCodes: list },
  ...{ telephoneFunctions: list, callAttemptCodes: list },
  /** What kinds of bodies there are; what each may do besides helping. */
  organisationKinds: z
    .array(coded.extend({ powers: z.array(power).optional() }))
    .min(1)
    .refine(noneTwice, 'names a code twice'),
  ...{ endOfStayCodes: list, outOfServiceCodes: list, roles: list },
  basesAcceptedAlone: z.array(code).min(1),
  alerts: z.array(alert),
  otherAlerts: owned,
  placesOfLastResort: z.array(z.object({ group: code, region: code, place: code })),
});

type Read = z.infer<typeof schema>;

/** What is particular to a country, as validated data (design rule 19). Durations are in milliseconds. */
export interface CountryPack extends Read {
  /** `<country>-<version>-<hash of the content>`: stands in the journal as the rule version of each decision. */
  readonly id: string;
  /** Local dates on which services do not open. */
  readonly serviceHolidays: ReadonlySet<string>;
}

export type Coded = z.infer<typeof coded>;
export type Urgency = keyof Read['urgencies'];

/** A pack whose parts fit together: places of last resort for every group and region, and only codes that it defines itself. */
export const packSchema = schema.superRefine((pack, context) => {
  const problem = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
  const codes = (entries: readonly { readonly code: string }[]): Set<string> => new Set(entries.map((one) => one.code));
  const [regions, groups, bases] = [codes(pack.regions), codes(pack.groups), codes(pack.bases)];
  for (const [nth, region] of pack.regions.entries()) {
    if (!region.neighbours.every((one) => regions.has(one)))
      problem(['regions', nth, 'neighbours'], 'names an unknown region');
  }
  if (!pack.basesAcceptedAlone.every((one) => bases.has(one)))
    problem(['basesAcceptedAlone'], 'names an unknown basis');
  const roles = codes(pack.roles);
  const known = { bases, sections: codes(pack.sections), purposes: codes(pack.purposes), needs: codes(pack.needs) };
  for (const { path, message } of unknownCodes(pack.consent, known)) problem(path, message);
  const { first, last } = pack.calendarYears;
  for (const { code, years } of pack.calendars)
    for (let year = first; year <= last; year++)
      if (!years.includes(year)) problem(['calendars', code, 'holidays'], `has no list for ${year}`);
  if (!codes(pack.calendars).has(pack.serviceCalendar)) problem(['serviceCalendar'], 'names an unknown calendar');
  const { identification: procedure } = pack;
  if (!codes(pack.calendars).has(procedure.calendar))
    problem(['identification', 'calendar'], 'names an unknown calendar');
  const decide = procedure.steps.flatMap((step) => step.decidedBy);
  for (const role of [...decide, ...procedure.referredBy, ...procedure.escalation.map((one) => one.ownerRole)])
    if (!roles.has(role)) problem(['identification'], `names an unknown role, ${role}`);
  if (!known.needs.has(procedure.labourRights.need))
    problem(['identification', 'labourRights', 'need'], 'names an unknown need');
  for (const [nth, { ownerRole }] of pack.alerts.entries()) {
    if (!roles.has(ownerRole)) problem(['alerts', nth, 'ownerRole'], 'names an unknown role');
  }
  for (const region of regions) {
    for (const group of groups) {
      const named = pack.placesOfLastResort.some((place) => place.group === group && place.region === region);
      if (!named) problem(['placesOfLastResort'], `names no place for ${group} in ${region}`);
    }
  }
});
