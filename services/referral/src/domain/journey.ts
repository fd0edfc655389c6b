import { accept, after, type Decision, type Instant, ignore, refuse } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import { lose } from './confirming.ts';
import type { ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { isOver, offerOf, type Referral, type Stage } from './referral.ts';

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

/** Names the escort and the times; again after a journey that failed, while the bed is kept. */
export function arrangeJourney(
  referral: Referral,
  plan: JourneyPlan,
  { now, pack }: Knowledge,
): Decision<ReferralEvent, JourneyRefusal> {
  const { stage } = referral;
  if (stage.name !== 'placed' && stage.name !== 'journey' && stage.name !== 'journey-failed')
    return refuse('not-placed');
  if (stage.name === 'journey-failed' && !stage.held) return refuse('bed-given-back');
  if (plan.collectAt < after(now, -pack.clocks.journeyStepGraceMs)) return refuse('collect-in-the-past', 'collect_at');
  if (plan.arriveAt < plan.collectAt) return refuse('arrive-before-collect', 'arrive_at');
  if (plan.arriveAt > after(now, pack.clocks.journeyAtMostAheadMs)) return refuse('too-far-ahead', 'arrive_at');
  return accept<ReferralEvent>({
    type: 'JourneyArranged',
    ...plan,
    until: after(plan.collectAt, pack.clocks.journeyStepGraceMs),
  });
}

/** The escort has met the person. Only the named escort, or a caseworker for them (checked by the handler). */
export function recordCollected(referral: Referral, { now, pack }: Knowledge): Decision<ReferralEvent, JourneyRefusal> {
  const { stage } = referral;
  if (stage.name !== 'journey') return refuse('no-journey');
  if (stage.step === 'collected') return ignore('already-collected');
  const latest = Math.max(stage.arriveAt, now) as Instant;
  return accept<ReferralEvent>({ type: 'Collected', until: after(latest, pack.clocks.journeyStepGraceMs) });
}

/**
 * Safely there: what all of this is for. What the provider says of who is in its house is true: somebody has arrived also where nobody asked
 * them, and after the place was given back. Then the relation begins here. After the end of the referral a person decides.
 */
export function arrived(
  referral: Referral,
  offerId: string,
  at: Instant,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  const { stage } = referral;
  if (!offer) return ignore('not-an-offer-of-this-referral');
  const isCurrent = 'offerId' in stage && stage.offerId === offerId;
  const there: ReferralEvent = { type: 'Arrived', offerId: offer.offerId, at };
  if (stage.name === 'arrived' && isCurrent) return ignore('already-arrived');
  if (isOver(referral)) {
    const told = raise('arrived-unexpectedly', offer.offerId)(referral, knowledge);
    return told.length > 0 ? accept(...told) : ignore('already-told');
  }
  if (isExpectedAt(stage, offerId)) return accept<ReferralEvent>(there);
  return accept<ReferralEvent>({ type: 'ArrivedAfterAll', offerId: offer.offerId }, there);
}

/** The person agreed to this place, and it is kept for them. */
const isExpectedAt = (stage: Stage, offerId: string): boolean =>
  (stage.name === 'placed' || stage.name === 'journey' || (stage.name === 'journey-failed' && stage.held)) &&
  stage.offerId === offerId;

/** The shelter waited in vain: the coordinator knows at once. */
export function didNotArrive(referral: Referral, offerId: string, knowledge: Knowledge): Decision<ReferralEvent> {
  const { stage } = referral;
  if (stage.name !== 'journey' && stage.name !== 'placed') return ignore('no-journey');
  if (stage.offerId !== offerId) return ignore('not-the-current-place');
  return accept(...inTurn(referral, knowledge, failJourney('did-not-arrive')));
}

/** Somebody was not met, or did not come: an alert at once, and the bed is kept while a person decides. */
export const failJourney =
  (code: 'not-collected' | 'did-not-arrive'): Step =>
  (referral, knowledge) => {
    const offerId = 'offerId' in referral.stage ? referral.stage.offerId : undefined;
    const heldUntil = after(knowledge.now, knowledge.pack.clocks.heldAfterFailedJourneyMs);
    return inTurn(referral, knowledge, say({ type: 'JourneyFailed', code, heldUntil }), raise(code, offerId));
  };

/** A stay that ended, or changed, after arrival. Its end ends the relation; a lost place before arrival is `lose`. */
export function stayChanged(
  referral: Referral,
  offerId: string,
  code: string,
  ended: boolean,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  if (!('offerId' in stage) || stage.offerId !== offerId) return ignore('not-the-current-place');
  if (stage.name === 'arrived')
    return accept<ReferralEvent>({ type: 'StayChanged', offerId: stage.offerId, code, ended });
  return ended ? accept(...inTurn(referral, knowledge, lose(stage.offerId, code, 'gone'))) : ignore('not-arrived');
}
