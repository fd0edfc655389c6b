import { accept, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import type { AlertCode } from './alert.ts';
import { raiseAlert } from './alerts.ts';
import { loseUnit } from './confirming.ts';
import { deliveryOf } from './delivery.ts';
import type { ReferralEvent } from './events.ts';
import type { OfferId } from './need.ts';
import { isOver, offerOf, type Referral, type Stage } from './referral.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/**
 * The person arrived safely. A provider's report of an arrival is always accepted, also where the person was not asked before, or where
 * the place was released. The relation begins then. After the end of the referral an alert is raised, and a coordinator decides.
 */
export function serviceStarted(
  referral: Referral,
  offerId: string,
  at: Instant,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  const { stage } = referral;
  if (!offer) return ignore('unknown-offer');
  const isCurrent = 'offerId' in stage && stage.offerId === offerId;
  const there: ReferralEvent = { type: 'ServiceStarted', offerId: offer.offerId, at };
  if (stage.name === 'started' && isCurrent) return ignore('already-started');
  if (isOver(referral)) {
    const told = raiseAlert('started-after-end', offer.offerId)(referral, knowledge);
    return told.length > 0 ? accept(...told) : ignore('alert-already-open');
  }
  if (isExpectedAt(stage, offerId)) return accept<ReferralEvent>(there);
  return accept<ReferralEvent>({ type: 'UnitTakenUp', offerId: offer.offerId }, there);
}

/** The person agreed to this place, and it is kept for them. */
const isExpectedAt = (stage: Stage, offerId: string): boolean =>
  (isExpected(stage) || (stage.name === 'journey-failed' && stage.isHeld)) &&
  stage.offerId === offerId;

/** The person was expected and did not come: somebody is alerted at once. `code` is the reason, where the provider knows one. */
export function didNotStart(
  referral: Referral,
  offerId: string,
  code: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  const { whenNotStarted } = deliveryOf(referral);
  if (!whenNotStarted || !isExpected(stage)) return ignore('not-expected');
  if (stage.offerId !== offerId) return ignore('not-the-current-offer');
  const events = runSteps(referral, knowledge, whenNotStarted(code));
  return events.length > 0 ? accept(...events) : ignore('no-appointment');
}

type Expected = Extract<Stage, { name: 'agreed' | 'journey' | 'appointment' }>;

const isExpected = (stage: Stage): stage is Expected =>
  stage.name === 'agreed' || stage.name === 'journey' || stage.name === 'appointment';

/** A stay changed or ended after the arrival. Its end ends the relation. A place that is lost before the arrival is `loseUnit`. */
export function serviceChanged(
  referral: Referral,
  offerId: string,
  code: string,
  ended: boolean,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  if (!('offerId' in stage) || stage.offerId !== offerId)
    return reportStayElsewhere(referral, offerId, code, ended, knowledge);
  if (stage.name === 'started')
    return accept(
      ...runSteps(
        referral,
        knowledge,
        emit({ type: 'ServiceChanged', offerId: stage.offerId, code, ended }),
        alertOfStay(stage.offerId, code, ended),
      ),
    );
  return ended
    ? accept(...runSteps(referral, knowledge, loseUnit(stage.offerId, code, 'already-released')))
    : ignore('not-started');
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
 * another reason; it stays open where the stay ended because they are missing. A longer absence ends the alert about the absence that is overdue. Of a
 * party the provider does not report who is missing, returned or left, so its owner alone ends the alert, and a further report after they have seen it
 * raises it again.
 */
function alertOfStay(offerId: OfferId, code: string, ended: boolean): Step {
  if (code === 'missing') return raiseForEach('person-missing', offerId);
  if (code === 'absence-overdue') return raiseForEach('absence-overdue', offerId);
  return ({ alerts, party }) => {
    const settled = party.length === 1 ? absenceAlertsEndedBy(code, ended) : [];
    return alerts
      .filter((alert) => settled.includes(alert.code) && alert.offerId === offerId)
      .map(({ alertId }): ReferralEvent => ({ type: 'AlertResolved', alertId }));
  };
}

const raiseForEach =
  (code: AlertCode, offerId: OfferId): Step =>
  (referral, knowledge) => {
    const seen = referral.alerts.filter(
      (alert) => alert.code === code && alert.offerId === offerId && alert.acknowledged,
    );
    return runSteps(
      referral,
      knowledge,
      referral.party.length === 1
        ? emit()
        : emit(...seen.map(({ alertId }): ReferralEvent => ({ type: 'AlertResolved', alertId }))),
      raiseAlert(code, offerId),
    );
  };

function absenceAlertsEndedBy(code: string, ended: boolean): readonly AlertCode[] {
  if (ended || code === 'returned') return ['person-missing', 'absence-overdue'];
  return code === 'absent' ? ['absence-overdue'] : [];
}
