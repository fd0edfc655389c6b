import { after, type Instant } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { loseUnit } from './confirming.ts';
import { failJourney } from './journey.ts';
import { NO_ANSWER, nextEndOfBar } from './matching/bars.ts';
import type { Stage } from './referral.ts';
import { search } from './search.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** What falls due, and what happens then if nobody acts. */
export interface Deadline {
  readonly kind: string;
  readonly due: Instant;
  readonly whenDue: Step;
}

/** What falls due in the stage in which a referral is. */
export function deadlinesOfStage(stage: Stage): Deadline[] {
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
    case 'placed':
      return [{ kind: 'journey-arrangement', due: stage.until, whenDue: extendWaitForJourney }];
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
    case 'arrived':
    case 'withdrawn':
    case 'refused':
    case 'ended':
      return [];
  }
}

/** Before anyone was asked the referral is refused by name; later the coordinator is told and it goes on waiting. */
const basisOverdue =
  (searchBegun: boolean): Step =>
  (referral, knowledge) =>
    searchBegun
      ? extendWait('basis-missing', knowledge.pack.urgencies[referral.urgency].awaitingPersonMs)(
          referral,
          knowledge,
        )
      : [{ type: 'ReferralRefused', code: 'basis-missing' }];

const extendWait =
  (
    code: 'basis-missing' | 'person-not-asked' | 'journey-not-arranged' | 'unplaced',
    ms: number,
  ): Step =>
  (referral, knowledge) => {
    const offerId = 'offerId' in referral.stage ? referral.stage.offerId : undefined;
    return runSteps(
      referral,
      knowledge,
      emit({ type: 'WaitExtended', until: after(knowledge.now, ms) }),
      raiseAlert(code, offerId),
    );
  };

const extendWaitForPerson: Step = (referral, knowledge) =>
  extendWait('person-not-asked', knowledge.pack.urgencies[referral.urgency].awaitingPersonMs)(
    referral,
    knowledge,
  );

const extendWaitForJourney: Step = (referral, knowledge) =>
  extendWait('journey-not-arranged', knowledge.pack.urgencies[referral.urgency].arrangeJourneyMs)(
    referral,
    knowledge,
  );

/** The bed is kept no longer; the coordinator still has to decide, and is told again. */
const releaseHeldUnit =
  ({ offerId, isHeld }: Extract<Stage, { name: 'journey-failed' }>): Step =>
  (referral, knowledge) => {
    const until = after(knowledge.now, knowledge.pack.deadlines.holdAfterFailedJourneyMs);
    const back: Step = isHeld ? emit({ type: 'BedGivenBack', offerId, at: knowledge.now }) : emit();
    return runSteps(
      referral,
      knowledge,
      back,
      emit({ type: 'WaitExtended', until }),
      raiseAlert('did-not-arrive', offerId),
    );
  };

/**
 * Bars that end by time let somebody be asked again: the next look comes when the next of them ends. The first look comes soon and is silent: while it was decided that
 * nobody is left a unit may have become free, and neither of the two transactions could see the other.
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
