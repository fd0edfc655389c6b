import { accept, after, type Decision, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { HoldOutcome, ReferralEvent } from './events.ts';
import type { OfferId } from './need.ts';
import { offerOf, type Referral } from './referral.ts';
import { search } from './search.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/** The unit is confirmed: now the person is asked. A confirmation that this referral no longer expects is answered with a release. */
export function unitConfirmed(
  referral: Referral,
  offerId: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('unknown-offer');
  const { stage } = referral;
  if (stage.name !== 'confirming' || stage.offerId !== offerId) {
    if (offer.status === 'confirmed') return ignore('already-confirmed');
    return accept<ReferralEvent>({ type: 'StaleConfirmationReleased', offerId: offer.offerId });
  }
  const until = after(knowledge.now, knowledge.pack.urgencies[referral.urgency].awaitingPersonMs);
  return accept<ReferralEvent>({ type: 'UnitConfirmed', offerId: offer.offerId, until });
}

/**
 * The unit cannot be confirmed, or a confirmed one was lost. After the loss of a confirmed unit the search starts again as an emergency,
 * and an alert is raised.
 */
export function unitUnavailable(
  referral: Referral,
  offerId: string,
  code: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  if (!('offerId' in stage) || stage.offerId !== offerId || stage.name === 'started')
    return ignore('not-the-current-offer');
  return accept(
    ...runSteps(referral, knowledge, loseUnit(stage.offerId, code, 'already-released')),
  );
}

/** The current place is lost. The next acceptance on standby is confirmed, or the next service is asked. */
export const loseUnit =
  (offerId: OfferId, code: string, holdOutcome: HoldOutcome): Step =>
  (referral, knowledge) => {
    const wasPromised = referral.stage.name !== 'confirming';
    const keepsFailing =
      referral.failedConfirmations + 1 >= knowledge.pack.limits.failedConfirmations;
    return runSteps(
      referral,
      knowledge,
      emit({ type: 'UnitLost', offerId, code, holdOutcome, at: knowledge.now }),
      wasPromised
        ? raiseAlert('place-lost', offerId)
        : keepsFailing
          ? raiseAlert('confirmation-keeps-failing')
          : emit(),
      search,
    );
  };
