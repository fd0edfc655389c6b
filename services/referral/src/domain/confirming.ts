import { accept, after, type Decision, ignore } from '@opennrm/runtime/decision';
import { raise } from './alerts.ts';
import type { Kept, ReferralEvent } from './events.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import type { OfferId } from './need.ts';
import { offerOf, type Referral } from './referral.ts';
import { search } from './search.ts';

/** The bed is promised: now the person is asked. A promise that nobody waits for is answered with a release. */
export function bedConfirmed(referral: Referral, offerId: string, knowledge: Knowledge): Decision<ReferralEvent> {
  const offer = offerOf(referral, offerId);
  if (!offer) return ignore('not-an-offer-of-this-referral');
  const { stage } = referral;
  if (stage.name !== 'confirming' || stage.offerId !== offerId) {
    if (offer.status === 'confirmed') return ignore('already-confirmed');
    return accept<ReferralEvent>({ type: 'StaleConfirmationReleased', offerId: offer.offerId });
  }
  const until = after(knowledge.now, knowledge.pack.urgencies[referral.urgency].awaitingPersonMs);
  return accept<ReferralEvent>({ type: 'BedConfirmed', offerId: offer.offerId, until });
}

/** The bed cannot be promised, or a promised one was lost: then the search starts again as an emergency, and somebody is told. */
export function bedNotAvailable(
  referral: Referral,
  offerId: string,
  code: string,
  knowledge: Knowledge,
): Decision<ReferralEvent> {
  const { stage } = referral;
  if (!('offerId' in stage) || stage.offerId !== offerId || stage.name === 'arrived')
    return ignore('not-the-current-place');
  return accept(...inTurn(referral, knowledge, lose(stage.offerId, code, 'gone')));
}

/** The current place is lost; another yes or the next service takes its turn. */
export const lose =
  (offerId: OfferId, code: string, kept: Kept): Step =>
  (referral, knowledge) => {
    const wasPromised = referral.stage.name !== 'confirming';
    const keepsFailing = referral.failedConfirmations + 1 >= knowledge.pack.clocks.confirmingTriesBeforeEscalation;
    return inTurn(
      referral,
      knowledge,
      say({ type: 'BedLost', offerId, code, kept, at: knowledge.now }),
      wasPromised ? raise('place-lost', offerId) : keepsFailing ? raise('confirmation-keeps-failing') : say(),
      search,
    );
  };
