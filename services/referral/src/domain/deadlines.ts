import { accept, after, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { type Deadline, deadlinesOfStage } from './deadlines-of-stage.ts';
import { requestDeskConfirmation } from './emergency-quota.ts';
import type { ReferralEvent } from './events.ts';
import { NO_ANSWER } from './matching/bars.ts';
import { NO_LOAD } from './matching/service.ts';
import type { OfferId, ServiceId } from './need.ts';
import type { Offer } from './offer.ts';
import { isAnswerable, isBeingAsked } from './offer.ts';
import type { Referral } from './referral.ts';
import { evolve, isOver } from './referral.ts';
import { withdrawUnsafeAndSearch } from './review-offers.ts';
import { search } from './search.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/** Every deadline that is set now. A referral that is not over always has one (promise 3). */
export function openDeadlines(referral: Referral): Deadline[] {
  const offers = referral.offers.flatMap((offer) => deadlinesOfOffer(offer, isOver(referral)));
  const registration: Deadline[] =
    referral.registerBy === undefined || (isOver(referral) && referral.stage.name !== 'started')
      ? []
      : [{ kind: 'registration', due: referral.registerBy, whenDue: registrationOverdue }];
  const alerts = referral.alerts.map(
    (alert): Deadline => ({
      kind: 'alert',
      due: alert.actBy,
      whenDue: alertOverdue(alert.alertId, alert.level),
    }),
  );
  const deskDeadline: Deadline[] =
    referral.deskDeadline === undefined || isOver(referral)
      ? []
      : [
          {
            kind: 'desk-confirmation',
            due: referral.deskDeadline,
            whenDue: requestDeskConfirmation,
          },
        ];
  return [...deadlinesOfStage(referral), ...offers, ...registration, ...deskDeadline, ...alerts];
}

/** The earliest deadline; undefined only when the referral is over and no deadline is open. */
export const nextDeadline = (referral: Referral): Deadline | undefined =>
  openDeadlines(referral).sort((a, b) => a.due - b.due)[0];

const MAX_DEADLINES_AT_ONCE = 100;

/** Time passed: every deadline that is due takes effect, in the order of its due time. */
export function timePasses(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  const first = nextDeadline(referral);
  if (!first || first.due > knowledge.now) return ignore('nothing-due');
  const events: ReferralEvent[] = [...withdrawUnsafeAndSearch(referral, knowledge)];
  let current = events.reduce(evolve, referral);
  for (let done = 0; done < MAX_DEADLINES_AT_ONCE; done++) {
    const deadline = nextDeadline(current);
    if (!deadline || deadline.due > knowledge.now) break;
    const next = deadline.whenDue(current, knowledge);
    events.push(...next);
    current = next.reduce(evolve, current);
  }
  return accept(...events);
}

function deadlinesOfOffer(offer: Offer, over: boolean): Deadline[] {
  const { offerId, status } = offer;
  const deadlines: Deadline[] = [];
  const add = (kind: string, due: Instant | undefined, whenDue: Step): void => {
    if (due !== undefined) deadlines.push({ kind, due, whenDue });
  };
  if (offer.telephone) {
    add('telephone-confirmation', offer.telephone.confirmBy, (referral, knowledge) =>
      runSteps(
        referral,
        knowledge,
        emit({ type: 'TelephoneAnswerUnconfirmed', offerId }),
        raiseAlert('telephone-answer-unconfirmed', offerId),
      ),
    );
  }
  if (over) return deadlines;
  if (status === 'holding') add('hold-answer', offer.holdingUntil, holdNotAnswered(offer));
  if (status === 'open') add('reminder', offer.reminders[offer.remindersSent], remind(offer));
  if (isAnswerable(offer))
    add('duty-acknowledgement', offer.acknowledgeBy, dutyNotAcknowledged(offer));
  if (status === 'open' || (offer.hasHold && status === 'standby'))
    add('soft-deadline', offer.softDeadline, soften(offer));
  if (isAnswerable(offer) || status === 'standby')
    add('offer-closing', offer.closesAt, closeOffer(offer));
  return deadlines;
}

const holdNotAnswered =
  ({ offerId }: Offer): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      emit({
        type: 'ServiceNotPossible',
        offerId,
        code: NO_ANSWER,
        holdOutcome: 'to-release',
        at: knowledge.now,
      }),
      search,
    );

const dutyNotAcknowledged =
  ({ offerId }: Offer): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      emit({ type: 'DutyNotAcknowledged', offerId }),
      raiseAlert('duty-not-acknowledged', offerId),
    );

/** Reminds the service. If fewer services are asked than the urgency allows, the search also asks one that can be asked by now. */
const remind =
  ({ offerId, remindersSent }: Offer): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      emit({ type: 'OfferReminded', offerId, nth: remindersSent + 1 }),
      search,
    );

/** Releases the hold. The offer can still be answered, and the next service is asked. */
const soften =
  ({ offerId }: Offer): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      emit({ type: 'OfferSoftened', offerId }),
      search,
      alertIfNobodyAnswered,
    );

/** The last soft deadline passed and no more services may be asked: wait for a late acceptance, and alert the coordinator. */
const alertIfNobodyAnswered: Step = (referral, knowledge) =>
  referral.stage.name === 'searching' &&
  !referral.offers.some(isBeingAsked) &&
  referral.offers.some(isAnswerable)
    ? raiseAlert('nobody-answered')(referral, knowledge)
    : [];

/** A service with two offers in seven days without an answer: a coordinator asks it to confirm its vacancies. */
const alertIfOftenUnanswered =
  (serviceId: ServiceId, offerId: OfferId): Step =>
  (referral, knowledge) => {
    const { unansweredLately } = knowledge.loadsOf([serviceId]).get(serviceId) ?? NO_LOAD;
    const unanswered = unansweredLately + 1;
    return unanswered >= knowledge.pack.limits.unansweredOffers
      ? raiseAlert('service-not-answering', offerId)(referral, knowledge)
      : [];
  };

const closeOffer =
  ({ offerId, serviceId, status }: Offer): Step =>
  (referral, knowledge) =>
    runSteps(
      referral,
      knowledge,
      emit({ type: 'OfferClosed', offerId, at: knowledge.now }),
      status === 'standby' ? emit() : alertIfOftenUnanswered(serviceId, offerId),
      search,
    );

const registrationOverdue: Step = (referral, knowledge) =>
  runSteps(
    referral,
    knowledge,
    emit({ type: 'RegistrationOverdue' }),
    raiseAlert('reference-not-registered'),
  );

/** Raises the level by one. The next repeat is due after `alertRepeatMs` times the level before. */
const alertOverdue =
  (alertId: string, level: number): Step =>
  (_referral, { now, pack }) => [
    {
      type: 'AlertOverdue',
      alertId,
      level: level + 1,
      actBy: after(now, pack.deadlines.alertRepeatMs * level),
    },
  ];
