import { accept, after, type Decision, ignore } from '@opennrm/runtime/decision';
import { applyRecordedAges } from './age.ts';
import { raiseAlert, resolveAlerts } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { acceptedRequestBasis, validBasisCode } from './matching/basis.ts';
import { isPending } from './offer.ts';
import { isOver, type Referral } from './referral.ts';
import { reviewAfterChange } from './review-offers.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/** The basis on which a service may be sought for the whole party; undefined when a member has none yet. */
export function basisOf(referral: Referral, knowledge: Knowledge): string | undefined {
  const asking = { purposes: referral.purposes, now: knowledge.now };
  const basisCodes = referral.party.map(({ caseReference }) => {
    const known = knowledge.bases.get(caseReference);
    return acceptedRequestBasis(referral, known) ?? validBasisCode(known, asking);
  });
  return basisCodes.every((code) => code !== undefined) ? basisCodes[0] : undefined;
}

/**
 * The vault announced a change for a case of the party. Ages come before the basis, with which a waiting search starts: no service is asked that does not
 * suit the age.
 */
export function reviewBasis(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  return acceptIfAny(
    runSteps(referral, knowledge, noteRegistration, addApartIds, reviewAges, applyBasis),
  );
}

/** A person who is treated differently now may have a place that does not suit them, also where the basis was lost. */
const reviewAges: Step = (referral, knowledge) => {
  const changed = applyRecordedAges(referral, knowledge);
  return changed.length === 0 || isOver(referral)
    ? changed
    : runSteps(referral, knowledge, emit(...changed), reviewAfterChange);
};

/**
 * The vault knows every member of the party: nobody has to register a reference, and an emergency above the quota no longer needs the
 * desk's confirmation.
 */
export const noteRegistration: Step = (referral, knowledge) =>
  referral.registered || !everyoneRegistered(referral, knowledge)
    ? []
    : runSteps(
        referral,
        knowledge,
        emit({ type: 'ReferenceRegistered' }),
        resolveAlerts('emergency-unconfirmed'),
        resolveAlerts('reference-not-registered'),
      );

const acceptIfAny = (events: readonly ReferralEvent[]): Decision<ReferralEvent> =>
  events.length > 0 ? accept(...events) : ignore('nothing-changes');

const everyoneRegistered = (referral: Referral, { bases }: Knowledge): boolean =>
  referral.party.every((member) => bases.get(member.caseReference)?.registered === true);

/** A keep-apart pair that was recorded later also applies to the holds that exist already. */
const addApartIds: Step = (referral, { bases }) => {
  const known = referral.party.flatMap((member) => bases.get(member.caseReference)?.apartIds ?? []);
  const fresh = [...new Set(known)].filter((apartId) => !referral.apartIds.includes(apartId));
  return fresh.map((apartId): ReferralEvent => ({ type: 'ApartAdded', apartId }));
};

/** Applies the legal basis as it is now for the whole party. */
export const applyBasis: Step = (referral, knowledge) => {
  if (isOver(referral)) return [];
  const basis = basisOf(referral, knowledge);
  if (basis !== undefined) return applyValidBasis(referral, basis, knowledge);
  return referral.basis === undefined ? [] : loseBasis(referral, knowledge);
};

function applyValidBasis(referral: Referral, basis: string, knowledge: Knowledge): ReferralEvent[] {
  const isNew = referral.basis === undefined;
  // A service that the basis covers only now is asked at once: an unplaced referral does not wait for its next check.
  return runSteps(
    referral,
    knowledge,
    isNew ? emit({ type: 'BasisFound', basis }) : emit(),
    reviewAfterChange,
  );
}

/**
 * The last permission was withdrawn: offers without a confirmed place are withdrawn, no profile is read any more, and an alert is
 * raised. This never releases a confirmed place, a journey or a stay.
 */
function loseBasis(referral: Referral, knowledge: Knowledge): ReferralEvent[] {
  const until = after(knowledge.now, knowledge.pack.urgencies[referral.urgency].awaitingPersonMs);
  return runSteps(
    referral,
    knowledge,
    withdrawUnconfirmed,
    emit({ type: 'BasisLost', until }),
    raiseAlert('basis-lost'),
  );
}

const withdrawUnconfirmed: Step = ({ offers }, { now }) =>
  offers
    .filter((offer) => isPending(offer) || offer.status === 'confirming')
    .map(
      ({ offerId }): ReferralEvent => ({ type: 'OfferWithdrawn', offerId, code: 'BASIS', at: now }),
    );

/** How many offers or places these events withdrew. */
export const countWithdrawn = (events: readonly ReferralEvent[]): number =>
  events.filter(({ type }) => type === 'OfferWithdrawn' || type === 'UnitLost').length;
