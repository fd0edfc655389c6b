import { accept, after, type Decision, ignore } from '@opennrm/runtime/decision';
import { raise, settle } from './alerts.ts';
import type { Decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { factsChanged } from './facts.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import { emergencyBasis, standingBasis } from './matching/basis.ts';
import type { UnderEighteen } from './need.ts';
import { isPending } from './offer.ts';
import { isOver, type Referral } from './referral.ts';

/** What allows a place to be sought for everyone in the party; undefined when somebody has nothing yet. */
export function basisOf(referral: Referral, knowledge: Knowledge): string | undefined {
  const standing = referral.party.map(({ caseReference }) => {
    const known = knowledge.bases.get(caseReference);
    return emergencyBasis(referral, known) ?? standingBasis(known, knowledge.now);
  });
  return standing.every((code) => code !== undefined) ? standing[0] : undefined;
}

/** The vault spoke of one of the party's cases: a search that waited may begin, or has lost its ground. */
export function vaultSpoke(referral: Referral, knowledge: Knowledge): Decision<ReferralEvent> {
  return decided(inTurn(referral, knowledge, noteRegistration, addApartIds, followBasis));
}

/** The vault knows everyone in the party: nobody has to register them, and an emergency above the quota needs no word of the desk any more. */
export const noteRegistration: Step = (referral, knowledge) =>
  referral.registered || !everyoneRegistered(referral, knowledge)
    ? []
    : inTurn(
        referral,
        knowledge,
        say({ type: 'ReferenceRegistered' }),
        settle('emergency-unconfirmed'),
        settle('reference-not-registered'),
      );

const decided = (events: readonly ReferralEvent[]): Decision<ReferralEvent> =>
  events.length > 0 ? accept(...events) : ignore('nothing-changes');

const everyoneRegistered = (referral: Referral, { bases }: Knowledge): boolean =>
  referral.party.every((member) => bases.get(member.caseReference)?.registered === true);

/** A keep-apart pair made later reaches the holds that live. */
const addApartIds: Step = (referral, { bases }) => {
  const known = referral.party.flatMap((member) => bases.get(member.caseReference)?.apartIds ?? []);
  const fresh = [...new Set(known)].filter((apartId) => !referral.apartIds.includes(apartId));
  return fresh.map((apartId): ReferralEvent => ({ type: 'ApartAdded', apartId }));
};

/** What follows from the legal basis as it is now for everyone in the party. */
export const followBasis: Step = (referral, knowledge) => {
  if (isOver(referral)) return [];
  const basis = basisOf(referral, knowledge);
  if (basis !== undefined) return basisStands(referral, basis, knowledge);
  return referral.basis === undefined ? [] : loseBasis(referral, knowledge);
};

function basisStands(referral: Referral, basis: string, knowledge: Knowledge): ReferralEvent[] {
  const isNew = referral.basis === undefined;
  // Whoever may be told now, and might not before, is asked now: an unplaced referral does not wait for its next look.
  return inTurn(referral, knowledge, isNew ? say({ type: 'BasisFound', basis }) : say(), factsChanged);
}

/**
 * The last permission was withdrawn: no new offer and no new read, and the coordinator is told. A confirmed place, a journey
 * or a stay is never released by it.
 */
function loseBasis(referral: Referral, knowledge: Knowledge): ReferralEvent[] {
  const until = after(knowledge.now, knowledge.pack.urgencies[referral.urgency].awaitingPersonMs);
  return inTurn(
    referral,
    knowledge,
    withdrawUnanswered,
    say({ type: 'BasisLost', until }),
    raise('permission-withdrawn'),
  );
}

const withdrawUnanswered: Step = ({ offers }, { now }) =>
  offers
    .filter((offer) => isPending(offer) || offer.status === 'confirming')
    .map(({ offerId }): ReferralEvent => ({ type: 'OfferWithdrawn', offerId, code: 'BASIS', at: now }));

/** What is known of a person's age changed, or will soon: whoever has to do with the referral looks whether the place still fits. */
export const ageChanged: Decide = (referral, knowledge) => reviewAge(referral, knowledge, say());

/** The vault says as what this person is treated: whose age is in doubt or in dispute, as a child (Council of Europe Convention, article 10(3)). */
export const ageReviewed =
  (caseReference: string, underEighteen: UnderEighteen): Decide =>
  (referral, knowledge) =>
    reviewAge(
      referral,
      knowledge,
      say(
        ...referral.party
          .filter((member) => member.caseReference === caseReference && member.underEighteen !== underEighteen)
          .map(({ memberId }): ReferralEvent => ({ type: 'AgeReviewed', memberId, underEighteen })),
      ),
    );

function reviewAge(referral: Referral, knowledge: Knowledge, what: Step): Decision<ReferralEvent> {
  if (isOver(referral) && referral.stage.name !== 'arrived') return ignore('already-over');
  return decided(inTurn(referral, knowledge, what, raise('age-changed'), isOver(referral) ? say() : factsChanged));
}

/** How many offers and the like these events took back. */
export const closedBy = (events: readonly ReferralEvent[]): number =>
  events.filter(({ type }) => type === 'OfferWithdrawn' || type === 'BedLost').length;
