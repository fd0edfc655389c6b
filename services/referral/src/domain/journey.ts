import {
  accept,
  after,
  type Decision,
  type Instant,
  ignore,
  refuse,
} from '@opennrm/runtime/decision';
import type { AlertCode } from './alert.ts';
import { raiseAlert } from './alerts.ts';
import { loseUnit } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import type { OfferId } from './need.ts';
import { isOver, offerOf, type Referral, type Stage } from './referral.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

export type JourneyRefusal =
  | 'not-placed'
  | 'bed-given-back'
  | 'collect-in-the-past'
  | 'arrive-before-collect'
  | 'too-far-ahead'
  | 'no-journey'
  | 'not-found';

export interface JourneyPlan {
  readonly escortId: string;
  readonly collectAt: Instant;
  readonly arriveAt: Instant;
}

/** Names the escort and the times. Allowed again after a failed journey, while the bed is kept. */
export function arrangeJourney(
  referral: Referral,
  plan: JourneyPlan,
  { now, pack }: Knowledge,
): Decision<ReferralEvent, JourneyRefusal> {
  const { stage } = referral;
  if (stage.name !== 'placed' && stage.name !== 'journey' && stage.name !== 'journey-failed')
    return refuse('not-placed');
  if (stage.name === 'journey-failed' && !stage.isHeld) return refuse('bed-given-back');
  if (plan.collectAt < after(now, -pack.deadlines.journeyStepGraceMs))
    return refuse('collect-in-the-past', 'collect_at');
  if (plan.arriveAt < plan.collectAt) return refuse('arrive-before-collect', 'arrive_at');
  if (plan.arriveAt > after(now, pack.deadlines.maxJourneyLeadMs))
    return refuse('too-far-ahead', 'arrive_at');
  return accept<ReferralEvent>({
    type: 'JourneyArranged',
    ...plan,
    until: after(plan.collectAt, pack.deadlines.journeyStepGraceMs),
  });
}

/** The escort has met the person. Only the named escort, or a caseworker for them, may record it (checked by the handler). */
export function recordCollected(
  referral: Referral,
  { now, pack }: Knowledge,
): Decision<ReferralEvent, JourneyRefusal> {
  const { stage } = referral;
  if (stage.name !== 'journey') return refuse('no-journey');
  if (stage.step === 'collected') return ignore('already-collected');
  const latest = Math.max(stage.arriveAt, now) as Instant;
  return accept<ReferralEvent>({
    type: 'PersonCollected',
    until: after(latest, pack.deadlines.journeyStepGraceMs),
  });
}

/**
 * The person arrived safely. A provider's report of an arrival is always accepted, also where the person was not asked before, or where
 * the place was released. The relation begins then. After the end of the referral an alert is raised, and a coordinator decides.
 */
export function arrived(
  referral: Referral,
  offerId: string,
  at: Instant,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  const { stage } = referral;
  if (!offer) return ignore('unknown-offer');
  const isCurrent = 'offerId' in stage && stage.offerId === offerId;
  const there: ReferralEvent = { type: 'PersonArrived', offerId: offer.offerId, at };
  if (stage.name === 'arrived' && isCurrent) return ignore('already-arrived');
  if (isOver(referral)) {
    const told = raiseAlert('arrived-after-end', offer.offerId)(referral, knowledge);
    return told.length > 0 ? accept(...told) : ignore('alert-already-open');
  }
  if (isExpectedAt(stage, offerId)) return accept<ReferralEvent>(there);
  return accept<ReferralEvent>({ type: 'PlaceAccepted', offerId: offer.offerId }, there);
}

/** The person agreed to this place, and it is kept for them. */
const isExpectedAt = (stage: Stage, offerId: string): boolean =>
  (stage.name === 'placed' ||
    stage.name === 'journey' ||
    (stage.name === 'journey-failed' && stage.isHeld)) &&
  stage.offerId === offerId;

/** The person did not arrive at the shelter: the coordinator is alerted at once. */
export function didNotArrive(
  referral: Referral,
  offerId: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  if (stage.name !== 'journey' && stage.name !== 'placed') return ignore('no-journey');
  if (stage.offerId !== offerId) return ignore('not-the-current-offer');
  return accept(...runSteps(referral, knowledge, failJourney('did-not-arrive')));
}

/** The person was not met, or did not arrive: an alert is raised at once, and the bed is kept while the coordinator decides. */
export const failJourney =
  (code: 'not-collected' | 'did-not-arrive'): Step =>
  (referral, knowledge) => {
    const offerId = 'offerId' in referral.stage ? referral.stage.offerId : undefined;
    const heldUntil = after(knowledge.now, knowledge.pack.deadlines.holdAfterFailedJourneyMs);
    return runSteps(
      referral,
      knowledge,
      emit({ type: 'JourneyFailed', code, heldUntil }),
      raiseAlert(code, offerId),
    );
  };

/** A stay changed or ended after the arrival. Its end ends the relation. A place that is lost before the arrival is `loseUnit`. */
export function stayChanged(
  referral: Referral,
  offerId: string,
  code: string,
  ended: boolean,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  if (!('offerId' in stage) || stage.offerId !== offerId)
    return reportStayElsewhere(referral, offerId, code, ended, knowledge);
  if (stage.name === 'arrived')
    return accept(
      ...runSteps(
        referral,
        knowledge,
        emit({ type: 'StayChanged', offerId: stage.offerId, code, ended }),
        alertOfStay(stage.offerId, code, ended),
      ),
    );
  return ended
    ? accept(...runSteps(referral, knowledge, loseUnit(stage.offerId, code, 'already-released')))
    : ignore('not-arrived');
}

/** A person may stay where the referral does not place them: they arrived after it ended, or moved to another provider. They may be missing there too. */
function reportStayElsewhere(
  referral: Referral,
  offerId: string,
  code: string,
  ended: boolean,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  const events = offer && alertOfStay(offer.offerId, code, ended)(referral, knowledge);
  return events && events.length > 0 ? accept(...events) : ignore('not-the-current-offer');
}

/**
 * A person who is missing may be in danger, so the owner of the alert acts at once. The alert ends when the person returned or the stay ended for
 * another reason; it stays open where the stay ended because they are missing. A longer absence ends the alert about the absence that is overdue. The
 * provider does not report who of a party returned, so there its owner ends the alert: somebody else may still be missing.
 */
function alertOfStay(offerId: OfferId, code: string, ended: boolean): Step {
  if (code === 'missing') return raiseAlert('person-missing', offerId);
  if (code === 'absence-overdue') return raiseAlert('absence-overdue', offerId);
  return ({ alerts, party }) => {
    const settled = ended || party.length === 1 ? absenceAlertsEndedBy(code, ended) : [];
    return alerts
      .filter((alert) => settled.includes(alert.code) && alert.offerId === offerId)
      .map(({ alertId }): ReferralEvent => ({ type: 'AlertResolved', alertId }));
  };
}

function absenceAlertsEndedBy(code: string, ended: boolean): readonly AlertCode[] {
  if (ended || code === 'returned') return ['person-missing', 'absence-overdue'];
  return code === 'absent' ? ['absence-overdue'] : [];
}
