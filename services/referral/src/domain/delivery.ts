import type { CountryPack, Delivery } from '@opennrm/country';
import { appointmentNotAgreed, missAppointment } from './appointment.ts';
import { extendWait } from './extend-wait.ts';
import { failJourney } from './journey.ts';
import type { Urgency } from './need.ts';
import { NOT_ASSIGNED, nextService } from './next-service.ts';
import type { Referral } from './referral.ts';
import type { Step } from './steps.ts';

/** What differs between deliveries, from the agreement of the person to the start of the service. */
interface DeliveryRules {
  /** The next step after the agreement, as callers see it. */
  readonly nextStep: string;
  /** How long this step may take. Milliseconds. */
  readonly arrangedWithin: (durations: CountryPack['urgencies'][Urgency]) => number;
  /** Whether the provider acts next. Then the agreement is announced to it, with the deadline. */
  readonly isAwaitedOfProvider: boolean;
  /** Whether its organisation is reminded when half of the time is over. */
  readonly isRemindedAtHalf: boolean;
  readonly whenOverdue: Step;
  /** The provider reports that the service did not start. Undefined where there is nothing to miss. */
  readonly whenNotStarted: ((code: string) => Step) | undefined;
}

const rules: Readonly<Record<Delivery, DeliveryRules>> = {
  journey: {
    nextStep: 'journey-arrangement',
    arrangedWithin: ({ arrangeJourneyMs }) => arrangeJourneyMs,
    isAwaitedOfProvider: false,
    isRemindedAtHalf: false,
    whenOverdue: (referral, knowledge) =>
      extendWait(
        'journey-not-arranged',
        knowledge.pack.urgencies[referral.urgency].arrangeJourneyMs,
      )(referral, knowledge),
    whenNotStarted: () => failJourney('did-not-arrive'),
  },
  appointment: {
    nextStep: 'appointment-agreement',
    arrangedWithin: ({ agreeAppointmentMs }) => agreeAppointmentMs,
    isAwaitedOfProvider: true,
    isRemindedAtHalf: false,
    whenOverdue: appointmentNotAgreed,
    whenNotStarted: missAppointment,
  },
  assignment: {
    nextStep: 'worker-assignment',
    arrangedWithin: ({ assignWorkerMs }) => assignWorkerMs,
    isAwaitedOfProvider: true,
    isRemindedAtHalf: true,
    whenOverdue: nextService(NOT_ASSIGNED),
    whenNotStarted: undefined,
  },
};

export const deliveryOf = ({ delivery }: Pick<Referral, 'delivery'>): DeliveryRules =>
  rules[delivery];
