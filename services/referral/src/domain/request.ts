import { accept, after, type Decision, refuse } from '@opennrm/runtime/decision';
import { applyRecordedAges } from './age.ts';
import { basisOf } from './basis.ts';
import { countsTowardsQuota, requestDeskConfirmation } from './emergency-quota.ts';
import type { ReferralEvent, ReferralRequested } from './events.ts';
import type { Member, Need, OrganisationId, ReferralId, ServiceId, Urgency } from './need.ts';
import { evolve, isOver, type Referral } from './referral.ts';
import { alertChangedTerms, reviewAfterChange } from './review-offers.ts';
import { search } from './search.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

export type RequestRefusal =
  | 'unknown-code'
  | 'already-over'
  | 'party-empty'
  | 'duplicate-member'
  | 'basis-not-enough'
  | 'another-need';

export interface ReferralRequest {
  readonly referralId: ReferralId;
  readonly ownerOrg: OrganisationId;
  readonly requestedBy: string;
  readonly urgency: Urgency;
  readonly need: Need;
  readonly party: readonly Member[];
  readonly basis: string | undefined;
  readonly foundTogether: string | undefined;
}

/** In an emergency a basis code suffices. Otherwise the referral waits for a basis from the vault. */
export function requestReferral(
  request: ReferralRequest,
  knowledge: Knowledge,
  circumstances: Pick<NewReferral, 'aboveQuota' | 'declinedServiceIds'>,
): Decision<ReferralEvent, RequestRefusal> {
  const { pack } = knowledge;
  const need = pack.needs.find((one) => one.code === request.need.need);
  if (!need) return refuse('unknown-code', 'need.need');
  if (request.party.length === 0) return refuse('party-empty', 'party');
  const references = request.party.map((member) => member.caseReference);
  if (
    new Set([...references, ...request.party.map((member) => member.memberId)]).size <
    references.length * 2
  )
    return refuse('duplicate-member', 'party');
  const isAcceptedAlone =
    request.basis !== undefined &&
    request.urgency === 'emergency' &&
    pack.emergencyBases.includes(request.basis);
  if (request.basis !== undefined && !isAcceptedAlone) return refuse('basis-not-enough', 'basis');
  const { unitKind, providedBy, delivery, purposes } = need;
  const provided = { unitKind, providedBy, delivery, purposes };
  return accept(...beginReferral({ ...request, ...provided, ...circumstances }, knowledge));
}

/** What a referral begins with. The country pack of that day accepted every code in it. */
export interface NewReferral
  extends ReferralRequest,
    Pick<Referral, 'unitKind' | 'providedBy' | 'delivery' | 'purposes'> {
  /** As an emergency with an unregistered reference, it would need the desk's confirmation. */
  readonly aboveQuota: boolean;
  /** Services that the person declined before. They are not asked again for this version of the need. */
  readonly declinedServiceIds: readonly ServiceId[];
}

/** The first events of a referral. The search begins at once where its own basis suffices. */
export function beginReferral(
  { aboveQuota, ...beginning }: NewReferral,
  knowledge: Knowledge,
): ReferralEvent[] {
  const { pack, now, bases } = knowledge;
  const references = beginning.party.map((member) => member.caseReference);
  const registered = references.every((reference) => bases.get(reference)?.registered === true);
  const requested: ReferralRequested = {
    type: 'ReferralRequested',
    ...beginning,
    registerBy: registered ? undefined : after(now, pack.deadlines.registerReferenceMs),
    apartIds: [...new Set(references.flatMap((reference) => bases.get(reference)?.apartIds ?? []))],
    packVersion: pack.id,
    at: now,
  };
  const referral = evolve(undefined, requested);
  const desk = aboveQuota && countsTowardsQuota(referral) ? requestDeskConfirmation : emit();
  const next = beginning.basis === undefined ? awaitBasis : search;
  return [requested, ...runSteps(referral, knowledge, applyRecordedAges, desk, next)];
}

const awaitBasis: Step = (referral, knowledge) => {
  const basis = basisOf(referral, knowledge);
  if (basis !== undefined)
    return runSteps(referral, knowledge, () => [{ type: 'BasisFound', basis }], search);
  return [
    {
      type: 'BasisAwaited',
      until: after(knowledge.now, knowledge.pack.deadlines.waitingForBasisMs),
    },
  ];
};

/**
 * A new version of the need: open offers stay where they are still safe, and services that declined with `outside-criteria` may be asked again.
 * Another need is another referral: the answer to a request for a bed says nothing about a lawyer.
 */
export function amendNeed(
  referral: Referral,
  need: Need,
  knowledge: Knowledge,
): Decision<ReferralEvent, RequestRefusal> {
  if (isOver(referral)) return refuse('already-over');
  if (need.need !== referral.need.need) return refuse('another-need', 'need.need');
  return accept(
    ...runSteps(
      referral,
      knowledge,
      () => [{ type: 'NeedAmended', need, urgency: referral.urgency }],
      reviewAfterChange,
      alertChangedTerms(referral),
    ),
  );
}
