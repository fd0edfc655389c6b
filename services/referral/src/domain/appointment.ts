import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { raiseAlert, resolveAlerts } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { extendWait } from './extend-wait.ts';
import { nextService } from './next-service.ts';
import type { Referral } from './referral.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/** The provider and the person agreed on a time. It is agreed again after an appointment was missed, or to replace another time. */
export function appointmentAgreed(
  referral: Referral,
  offerId: string,
  at: Instant,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage, delivery } = referral;
  const isExpected = stage.name === 'agreed' || stage.name === 'appointment';
  if (!isExpected || delivery !== 'appointment') return ignore('no-appointment-expected');
  if (stage.offerId !== offerId) return ignore('not-the-current-offer');
  const until = after(at, knowledge.pack.deadlines.appointmentGraceMs);
  const agreed: ReferralEvent = { type: 'AppointmentAgreed', offerId: stage.offerId, at, until };
  return accept(
    ...runSteps(
      referral,
      knowledge,
      emit(agreed),
      resolveAlerts('appointment-missed', stage.offerId),
    ),
  );
}

/** The code of an appointment that was neither recorded as kept nor as missed in time. */
const NOT_RECORDED = 'unknown';

/**
 * The person did not come. The caseworker is alerted, to ask them why and whether they are safe, and a new appointment is to be agreed. After
 * `missedAppointments` of them a coordinator decides.
 */
export const missAppointment =
  (code: string): Step =>
  (referral, knowledge) => {
    const { stage, urgency } = referral;
    if (stage.name !== 'appointment') return [];
    const { now, pack } = knowledge;
    const missed = stage.missed + 1;
    const { offerId } = stage;
    const until = after(now, pack.urgencies[urgency].agreeAppointmentMs);
    return runSteps(
      referral,
      knowledge,
      emit({ type: 'AppointmentMissed', offerId, code, missed, until }),
      raiseAlert(
        isLastMissed(missed, knowledge) ? 'appointments-missed' : 'appointment-missed',
        offerId,
      ),
    );
  };

/** Its time passed, and nobody recorded whether it was kept. A later record that it was kept still counts. */
export const appointmentNotRecorded = missAppointment(NOT_RECORDED);

const isLastMissed = (missed: number, { pack }: Knowledge): boolean =>
  missed >= pack.limits.missedAppointments;

/** The service agreed no time: the next service is asked. After the last missed appointment a coordinator decides, and it waits. */
export const appointmentNotAgreed: Step = (referral, knowledge) => {
  const { stage, urgency } = referral;
  const isForCoordinator = stage.name === 'agreed' && isLastMissed(stage.missed, knowledge);
  const next = isForCoordinator
    ? extendWait('appointments-missed', knowledge.pack.urgencies[urgency].agreeAppointmentMs)
    : nextService('appointment-not-agreed');
  return next(referral, knowledge);
};
