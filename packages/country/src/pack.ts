import { deliveries } from '@opennrm/contracts/providers';
import { uuid } from '@opennrm/runtime/id';
import { z } from 'zod';
import { calendars, timeZone } from './calendars.ts';
import { code, coded, hasNoDuplicates, list } from './code.ts';
import { type ConsentPart, consent, power } from './consent.ts';
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
    agreeAppointment: duration,
    assignWorker: duration,
    /** Shares of the soft deadline after which a reminder is sent. */
    reminders: z.array(z.number().gt(0).lt(1)).max(5),
  })
  .refine(({ openAtOnce, maxOpen }) => openAtOnce <= maxOpen, 'opens more at once than may be open')
  .refine(
    ({ softDeadline, closesAfter }) => softDeadline < closesAfter,
    'closes before its soft deadline',
  )
  .transform(({ openAtOnce, maxOpen, reminders, ...of }) => ({
    openAtOnce,
    maxOpen,
    reminders,
    softDeadlineMs: of.softDeadline,
    closesAfterMs: of.closesAfter,
    awaitingPersonMs: of.awaitingPerson,
    arrangeJourneyMs: of.arrangeJourney,
    agreeAppointmentMs: of.agreeAppointment,
    assignWorkerMs: of.assignWorker,
  }));

const deadlines = z
  .object({
    waitingForBasis: duration,
    holding: duration,
    providerHoldExpiry: duration,
    confirming: duration,
    acknowledgeDuty: duration,
    journeyStepGrace: duration,
    maxJourneyLead: duration,
    holdAfterFailedJourney: duration,
    /** How long after its time an appointment may be recorded as kept or missed. After that it counts as missed. */
    appointmentGrace: duration,
    /** How far ahead an appointment may be agreed. */
    maxAppointmentLead: duration,
    registerReference: duration,
    confirmEmergency: duration,
    unplacedFirstRecheck: duration,
    unplacedRecheck: duration,
    alertRepeat: duration,
  })
  .transform((of) => ({
    waitingForBasisMs: of.waitingForBasis,
    holdingMs: of.holding,
    providerHoldExpiryMs: of.providerHoldExpiry,
    confirmingMs: of.confirming,
    acknowledgeDutyMs: of.acknowledgeDuty,
    journeyStepGraceMs: of.journeyStepGrace,
    maxJourneyLeadMs: of.maxJourneyLead,
    holdAfterFailedJourneyMs: of.holdAfterFailedJourney,
    appointmentGraceMs: of.appointmentGrace,
    maxAppointmentLeadMs: of.maxAppointmentLead,
    registerReferenceMs: of.registerReference,
    confirmEmergencyMs: of.confirmEmergency,
    unplacedFirstRecheckMs: of.unplacedFirstRecheck,
    unplacedRecheckMs: of.unplacedRecheck,
    alertRepeatMs: of.alertRepeat,
  }));

/** How often something may happen before a desk is alerted, and how much one change may do. */
const limits = z
  .object({
    /** Confirmations of one referral that fail one after the other. */
    failedConfirmations: z.number().int().min(1),
    /** Offers that a service leaves unanswered within the window. */
    unansweredOffers: z.number().int().min(1),
    unansweredWindow: duration,
    /** Referrals that one change of capacity wakes where the number of free units is unknown. */
    wakes: z.number().int().min(1).max(500),
    /** Missed appointments with one service. A coordinator decides after the last of them. */
    missedAppointments: z.number().int().min(1),
  })
  .transform(({ unansweredWindow, ...counts }) => ({
    ...counts,
    unansweredWindowMs: unansweredWindow,
  }));

/**
 * How many people with an unregistered reference may have a live emergency, before the coordination desk must confirm each further one.
 */
const emergencyQuota = z.object({
  /** Emergencies requested by one person. */
  perPerson: z.number().int().min(1),
  /** Emergencies requested by one organisation. */
  perOrganisation: z.number().int().min(1),
});

/** How long a service is not asked again after a decline. No bar lasts for ever (`matching.md` §1). */
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
  /** The purposes of permissions and legal bases on which a service is sought. The first is the purpose of the relation that follows. */
  purposes: z
    .array(code)
    .min(1)
    .refine((all) => new Set(all).size === all.length, 'names a code twice'),
  /** How the person reaches the service after they agreed. Its provider must have it for the unit kind. */
  delivery: z.enum(deliveries),
  /** Whether a place of last resort is named when no service is left to ask. For accommodation only. */
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
  /** The calendar of the holidays of services. A service may state that it is open on them. */
  serviceCalendar: code,
  /** Every calendar must list the holidays of these years, even when there are none. */
  calendarYears: z.object({ first: z.number().int().min(2000), last: z.number().int().max(2100) }),
  calendars,
  identification,
  indicators,
  retention,
  consent,
  intakeForm: intakeForm.optional(),
  urgencies: z.object({ emergency: urgency, urgent: urgency, planned: urgency }),
  deadlines,
  limits,
  emergencyQuota,
  regions: z
    .array(coded.extend({ neighbours: z.array(code) }))
    .min(1)
    .refine(hasNoDuplicates, 'names a code twice'),
  /** The needs that can be requested, each with the service or module that provides it, which must be installed. */
  needs: z.array(need).min(1).refine(hasNoDuplicates, 'names a code twice'),
  /** The classes of registered services, also those that cannot be requested here yet: permissions and receivers name them. */
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
  /** The kinds of organisations, and the powers of each besides helping. */
  organisationKinds: z
    .array(coded.extend({ powers: z.array(power).optional() }))
    .min(1)
    .refine(hasNoDuplicates, 'names a code twice'),
  endOfStayCodes: list,
  /** Why an appointment was missed. */
  missedAppointmentCodes: list,
  /** Why a service that has started ended. The end of a stay has codes of its own. */
  endOfServiceCodes: list,
  outOfServiceCodes: list,
  /** A role with holders is a desk of the country: its rights for the whole country apply in those organisations only. */
  roles: z
    .array(coded.extend({ heldBy: z.array(uuid()).min(1).optional() }))
    .min(1)
    .refine(hasNoDuplicates, 'names a code twice'),
  emergencyBases: z.array(code).min(1),
  alerts: z.array(alert),
  defaultAlert: alertOwner,
  placesOfLastResort: z.array(z.object({ group: code, region: code, place: code })),
});

/** The content of a pack after validation. */
export type Parts = z.infer<typeof schema>;

/** The rules and codes of one country, as validated data (design rule 20). Durations are in milliseconds. */
export interface CountryPack extends Parts {
  /** `<country>-<version>-<hash of the content>`: recorded in the journal as the rule version of each decision. */
  readonly id: string;
  /** Local dates on which services are closed. */
  readonly serviceHolidays: ReadonlySet<string>;
  readonly consent: Consent;
}

/** The rules of consent, and the service that acts on a permission or basis, by purpose. Nothing acts on any other purpose. */
export interface Consent extends ConsentPart {
  readonly actingServices: Readonly<Record<string, string>>;
}

export type Urgency = keyof Parts['urgencies'];
