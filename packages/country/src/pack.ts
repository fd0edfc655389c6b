import { uuid } from '@opennrm/runtime/id';
import { z } from 'zod';
import { calendars, timeZone } from './calendars.ts';
import { code, coded, hasNoDuplicates, list } from './code.ts';
import { consent, power } from './consent.ts';
import { duration } from './duration.ts';
import { identification } from './identification.ts';
import { indicators } from './indicators.ts';
import { intakeForm } from './intake-form.ts';
import { retention } from './retention.ts';

const urgency = z
  .object({
    openAtOnce: z.number().int().min(1).max(10),
    softDeadline: duration,
    maxOpen: z.number().int().min(1).max(20),
    closesAfter: duration,
    awaitingPerson: duration,
    arrangeJourney: duration,
    /** Shares of the soft deadline at which a reminder goes out. */
    reminders: z.array(z.number().gt(0).lt(1)).max(5),
  })
  .refine(({ openAtOnce, maxOpen }) => openAtOnce <= maxOpen, 'opens more at once than may be open')
  .refine(
    ({ softDeadline, closesAfter }) => softDeadline < closesAfter,
    'closes before its soft deadline',
  )
  .transform(({ softDeadline, closesAfter, awaitingPerson, arrangeJourney, ...counts }) => ({
    ...counts,
    softDeadlineMs: softDeadline,
    closesAfterMs: closesAfter,
    awaitingPersonMs: awaitingPerson,
    arrangeJourneyMs: arrangeJourney,
  }));

const deadlines = z
  .object({
    waitingForBasis: duration,
    holding: duration,
    providerHoldExpiry: duration,
    confirming: duration,
    confirmingTriesBeforeEscalation: z.number().int().min(1),
    acknowledgeDuty: duration,
    journeyStepGrace: duration,
    maxJourneyLead: duration,
    holdAfterFailedJourney: duration,
    registerReference: duration,
    confirmEmergency: duration,
    unplacedFirstRecheck: duration,
    unplacedRecheck: duration,
    alertRepeat: duration,
    unansweredWindow: duration,
    unansweredLimit: z.number().int().min(1),
    maxWakes: z.number().int().min(1).max(500),
  })
  .transform((of) => ({
    waitingForBasisMs: of.waitingForBasis,
    holdingMs: of.holding,
    providerHoldExpiryMs: of.providerHoldExpiry,
    confirmingMs: of.confirming,
    confirmingTriesBeforeEscalation: of.confirmingTriesBeforeEscalation,
    acknowledgeDutyMs: of.acknowledgeDuty,
    journeyStepGraceMs: of.journeyStepGrace,
    maxJourneyLeadMs: of.maxJourneyLead,
    holdAfterFailedJourneyMs: of.holdAfterFailedJourney,
    registerReferenceMs: of.registerReference,
    confirmEmergencyMs: of.confirmEmergency,
    unplacedFirstRecheckMs: of.unplacedFirstRecheck,
    unplacedRecheckMs: of.unplacedRecheck,
    alertRepeatMs: of.alertRepeat,
    unansweredWindowMs: of.unansweredWindow,
    unansweredLimit: of.unansweredLimit,
    maxWakes: of.maxWakes,
  }));

/** How many people may be in live emergencies whose reference is not registered, before the coordination desk must confirm each. */
const emergencyQuota = z.object({
  /** Asked for by one person. */
  perPerson: z.number().int().min(1),
  /** Asked for by one organisation. */
  perOrganisation: z.number().int().min(1),
});

/** How long a decline keeps a service from being asked again; nothing bars for ever (`matching.md` §1). */
const bar = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('until-capacity-changes') }),
  z.object({ kind: z.literal('until-need-changes') }),
  z
    .object({ kind: z.literal('for-a-time'), for: duration })
    .transform(({ kind, for: ms }) => ({ kind, ms })),
]);

const need = coded.extend({
  unitKind: code,
  providedBy: code,
  /** Whether a place of last resort is named while nobody is left to ask: of accommodation alone. */
  placeOfLastResort: z.boolean(),
});

const alertOwner = z
  .object({ ownerRole: code, actWithin: duration })
  .transform(({ ownerRole, actWithin }) => ({ ownerRole, actWithinMs: actWithin }));
const alert = z
  .object({ code, ownerRole: code, actWithin: duration })
  .transform(({ actWithin, ...rest }) => ({ ...rest, actWithinMs: actWithin }));

/** The parts of a pack as its files hold them, each checked alone. */
export const schema = z.object({
  country: z.string().regex(/^[a-z]{2}$/, 'must be two small letters'),
  version: z.string().regex(/^\d{4}\.\d{1,3}$/, 'must be year.number'),
  timeZone,
  /** The calendar whose holidays services keep, unless one says that it opens then too. */
  serviceCalendar: code,
  /** Every calendar must name the holidays of these years, though there be none. */
  calendarYears: z.object({ first: z.number().int().min(2000), last: z.number().int().max(2100) }),
  calendars,
  identification,
  indicators,
  retention,
  consent,
  intakeForm: intakeForm.optional(),
  urgencies: z.object({ emergency: urgency, urgent: urgency, planned: urgency }),
  deadlines,
  emergencyQuota,
  regions: z
    .array(coded.extend({ neighbours: z.array(code) }))
    .min(1)
    .refine(hasNoDuplicates, 'names a code twice'),
  /** What can be requested: each by the service that provides it, which must be installed. */
  needs: z.array(need).min(1).refine(hasNoDuplicates, 'names a code twice'),
  /** What a registered service may be, also one that cannot be requested here yet: permissions and receivers name it. */
  serviceClasses: list,
  declineCodes: z.array(coded.extend({ bar })).min(1).refine(hasNoDuplicates, 'names a code twice'),
  groups: list,
  whereNow: list,
  languages: list,
  accessibility: list,
  care: list,
  risks: list,
  medicalUrgencies: list,
  specialisms: list,
  bases: list,
  purposes: list,
  sections: list,
  personDeclineCodes: list,
  withdrawalCodes: list,
  overrideCodes: list,
  suspensionCodes: list,
  telephoneFunctions: list,
  callAttemptCodes: list,
  /** What kinds of bodies there are; what each may do besides helping. */
  organisationKinds: z
    .array(coded.extend({ powers: z.array(power).optional() }))
    .min(1)
    .refine(hasNoDuplicates, 'names a code twice'),
  endOfStayCodes: list,
  outOfServiceCodes: list,
  /** A role with holders is a desk of the country: what it may do for everybody, it may in those organisations alone. */
  roles: z
    .array(coded.extend({ heldBy: z.array(uuid()).min(1).optional() }))
    .min(1)
    .refine(hasNoDuplicates, 'names a code twice'),
  emergencyBases: z.array(code).min(1),
  alerts: z.array(alert),
  defaultAlert: alertOwner,
  placesOfLastResort: z.array(z.object({ group: code, region: code, place: code })),
});

/** What stands in the parts of a pack. */
export type Parts = z.infer<typeof schema>;

/** What is particular to a country, as validated data (design rule 20). Durations are in milliseconds. */
export interface CountryPack extends Parts {
  /** `<country>-<version>-<hash of the content>`: stands in the journal as the rule version of each decision. */
  readonly id: string;
  /** Local dates on which services do not open. */
  readonly serviceHolidays: ReadonlySet<string>;
}

export type Urgency = keyof Parts['urgencies'];
