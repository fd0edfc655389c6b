import { type Instant, instant } from '@opennrm/runtime/decision';
import { appointmentAgreed } from '../domain/appointment.ts';
import { unitConfirmed, unitUnavailable } from '../domain/confirming.ts';
import type { Decide } from '../domain/decide.ts';
import { holdNeedsReview, holdRefused, unitHeld } from '../domain/offering.ts';
import { didNotStart, serviceChanged, serviceStarted } from '../domain/service-started.ts';
import type { FromProvider } from '../outbound/provider-messages.ts';

type Name = Exclude<FromProvider['$case'], 'capacityChanged' | 'holdReleased'>;
type ValueOf<Case extends Name> = Extract<FromProvider, { $case: Case }>['value'];

const at = (date: Date | undefined): Instant => instant(date?.getTime() ?? 0);

/** What a referral decides when a provider reports something about a hold. */
export const holdDecisions: { readonly [Case in Name]: (value: ValueOf<Case>) => Decide } = {
  unitHeld:
    ({ holdId }) =>
    (referral, knowledge) =>
      unitHeld(referral, holdId, knowledge),
  holdRefused:
    ({ holdId, code }) =>
    (referral, knowledge) =>
      holdRefused(referral, holdId, code, knowledge),
  unitConfirmed:
    ({ holdId }) =>
    (referral, knowledge) =>
      unitConfirmed(referral, holdId, knowledge),
  unitUnavailable:
    ({ holdId, code }) =>
    (referral, knowledge) =>
      unitUnavailable(referral, holdId, code, knowledge),
  appointmentAgreed:
    ({ holdId, at: when }) =>
    (referral, knowledge) =>
      appointmentAgreed(referral, holdId, at(when), knowledge),
  serviceStarted:
    ({ holdId, at: when }) =>
    (referral, knowledge) =>
      serviceStarted(referral, holdId, at(when), knowledge),
  didNotStart:
    ({ holdId, code }) =>
    (referral, knowledge) =>
      didNotStart(referral, holdId, code, knowledge),
  serviceChanged:
    ({ holdId, code, ended }) =>
    (referral, knowledge) =>
      serviceChanged(referral, holdId, code, ended, knowledge),
  holdNeedsReview:
    ({ holdId }) =>
    (referral, knowledge) =>
      holdNeedsReview(referral, holdId, knowledge),
};
