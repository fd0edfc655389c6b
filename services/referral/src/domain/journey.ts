import {
  accept,
  after,
  type Decision,
  type Instant,
  ignore,
  refuse,
} from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import type { Referral } from './referral.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

export type JourneyRefusal =
  | 'not-placed'
  | 'unit-released'
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

/** Names the escort and the times. Allowed again after a failed journey, while the unit is kept. */
export function arrangeJourney(
  referral: Referral,
  plan: JourneyPlan,
  { now, pack }: Knowledge,
): Decision<ReferralEvent, JourneyRefusal> {
  const { stage, delivery } = referral;
  if (delivery !== 'journey') return refuse('no-journey');
  if (stage.name !== 'agreed' && stage.name !== 'journey' && stage.name !== 'journey-failed')
    return refuse('not-placed');
  if (stage.name === 'journey-failed' && !stage.isHeld) return refuse('unit-released');
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

/** The person was not met, or did not arrive: an alert is raised at once, and the unit is kept while the coordinator decides. */
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
