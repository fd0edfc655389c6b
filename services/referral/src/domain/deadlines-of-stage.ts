import { after, type Instant } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { appointmentNotRecorded } from './appointment.ts';
import { loseUnit } from './confirming.ts';
import { deliveryOf } from './delivery.ts';
import { extendWait } from './extend-wait.ts';
import { failJourney } from './journey.ts';
import { NO_ANSWER, nextEndOfBar } from './matching/bars.ts';
import type { Referral, Stage } from './referral.ts';
import { search } from './search.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** What falls due, and what happens then if nobody has acted. */
export interface Deadline {
  readonly kind: string;
  readonly due: Instant;
  readonly whenDue: Step;
}

/** The deadlines of the stage of a referral. */
export function deadlinesOfStage({
  stage,
  delivery,
}: Pick<Referral, 'stage' | 'delivery'>): Deadline[] {
  switch (stage.name) {
    case 'waiting-for-basis':
      return [{ kind: 'basis', due: stage.until, whenDue: basisOverdue(stage.searchBegun) }];
    case 'confirming':
      return [
        {
          kind: 'unit-confirmation',
          due: stage.until,
          whenDue: loseUnit(stage.offerId, NO_ANSWER, 'to-release'),
        },
      ];
    case 'awaiting-person':
      return [{ kind: 'person-answer', due: stage.until, whenDue: extendWaitForPerson }];
    case 'agreed': {
      const { nextStep, whenOverdue } = deliveryOf({ delivery });
      const overdue = { kind: nextStep, due: stage.until, whenDue: whenOverdue };
      const reminder = remindProvider(stage);
      return stage.remindAt === undefined
        ? [overdue]
        : [{ kind: 'delivery-reminder', due: stage.remindAt, whenDue: reminder }, overdue];
    }
    case 'appointment':
      return [{ kind: 'appointment-record', due: stage.until, whenDue: appointmentNotRecorded }];
    case 'journey':
      return [
        {
          kind: 'journey-step',
          due: stage.until,
          whenDue: failJourney(stage.step === 'arranged' ? 'not-collected' : 'did-not-arrive'),
        },
      ];
    case 'journey-failed':
      return [{ kind: 'hold-release', due: stage.until, whenDue: releaseHeldUnit(stage) }];
    case 'unplaced':
      return [
        { kind: 'unplaced-recheck', due: stage.until, whenDue: recheckUnplaced(stage.isRechecked) },
      ];
    case 'searching':
    case 'started':
    case 'withdrawn':
    case 'refused':
    case 'ended':
      return [];
  }
}

/** Half of the time is over. The organisation of the service sees it, and its head decides who acts. */
const remindProvider = ({ offerId, until }: Extract<Stage, { name: 'agreed' }>): Step =>
  emit({ type: 'DeliveryReminded', offerId, until });

/** If no search has begun the referral is refused. Otherwise an alert is raised and the referral waits longer. */
const basisOverdue =
  (searchBegun: boolean): Step =>
  (referral, knowledge) =>
    searchBegun
      ? extendWait('basis-missing', knowledge.pack.urgencies[referral.urgency].awaitingPersonMs)(
          referral,
          knowledge,
        )
      : [{ type: 'ReferralRefused', code: 'basis-missing' }];

const extendWaitForPerson: Step = (referral, knowledge) =>
  extendWait('person-not-asked', knowledge.pack.urgencies[referral.urgency].awaitingPersonMs)(
    referral,
    knowledge,
  );

/** Releases the unit. The coordinator must still decide, so an alert is raised. */
const releaseHeldUnit =
  ({ offerId, isHeld }: Extract<Stage, { name: 'journey-failed' }>): Step =>
  (referral, knowledge) => {
    const until = after(knowledge.now, knowledge.pack.deadlines.holdAfterFailedJourneyMs);
    const back: Step = isHeld ? emit({ type: 'UnitReleased', offerId, at: knowledge.now }) : emit();
    return runSteps(
      referral,
      knowledge,
      back,
      emit({ type: 'WaitExtended', until }),
      raiseAlert('did-not-arrive', offerId),
    );
  };

/**
 * The search is repeated when the next bar ends by time. The first recheck comes soon and raises no alert: a unit may have become free
 * while the referral became unplaced, and neither of the two transactions could see the other.
 */
const recheckUnplaced =
  (isRechecked: boolean): Step =>
  (referral, knowledge) => {
    const { now, pack } = knowledge;
    const barEnds = nextEndOfBar(referral, now, pack) ?? Number.POSITIVE_INFINITY;
    const ms = Math.min(pack.deadlines.unplacedRecheckMs, barEnds - now);
    const wait = isRechecked
      ? extendWait('unplaced', ms)
      : emit({ type: 'WaitExtended', until: after(now, ms) });
    return runSteps(referral, knowledge, wait, search);
  };
