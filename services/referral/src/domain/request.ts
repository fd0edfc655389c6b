import { accept, after, type Decision, refuse } from '@opennrm/runtime/decision';
import { basisOf } from './basis.ts';
import { awaitDesk, countsToQuota } from './emergency-quota.ts';
import type { ReferralEvent, Requested } from './events.ts';
import { factsChanged, tellOfOtherTerms } from './facts.ts';
import { inTurn, type Knowledge, type Step, say } from './in-turn.ts';
import type { Member, Need, OrganisationId, ReferralId, ServiceId, Urgency } from './need.ts';
import { evolve, isOver, type Referral } from './referral.ts';
import { search } from './search.ts';

export type RequestRefusal =
  | 'unknown-code'
  | 'already-over'
  | 'party-empty'
  | 'member-twice'
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

/**
 * A bed before a form: a coded basis is enough in an emergency; otherwise the vault's word is awaited.
 */
export function requestReferral(
  request: ReferralRequest,
  knowledge: Knowledge,
  circumstances: Pick<ReferralBeginning, 'aboveQuota' | 'declinedServices'>,
): Decision<ReferralEvent, RequestRefusal> {
  const { pack } = knowledge;
  const need = pack.needs.find((one) => one.code === request.need.need);
  if (!need) return refuse('unknown-code', 'need.need');
  if (request.party.length === 0) return refuse('party-empty', 'party');
  const references = request.party.map((member) => member.caseReference);
  if (new Set([...references, ...request.party.map((member) => member.memberId)]).size < references.length * 2)
    return refuse('member-twice', 'party');
  const alone =
    request.basis !== undefined && request.urgency === 'emergency' && pack.basesAcceptedAlone.includes(request.basis);
  if (request.basis !== undefined && !alone) return refuse('basis-not-enough', 'basis');
  const { unitKind } = need;
  return accept(...beginReferral({ ...request, unitKind, ...circumstances }, knowledge));
}

/** What a referral begins with; every code in it was accepted before, by the pack of that day. */
export interface ReferralBeginning extends ReferralRequest {
  readonly unitKind: string;
  /** Whether as an emergency with an unregistered reference it would need the desk's confirmation. */
  readonly aboveQuota: boolean;
  /** To which the person said no before; they are not asked again for this need. */
  readonly declinedServices: readonly ServiceId[];
}

/** The first events of a referral: it is searched for at once where its own basis stands alone. */
export function beginReferral({ aboveQuota, ...beginning }: ReferralBeginning, knowledge: Knowledge): ReferralEvent[] {
  const { pack, now, bases } = knowledge;
  const references = beginning.party.map((member) => member.caseReference);
  const registered = references.every((reference) => bases.get(reference)?.registered === true);
  const requested: Requested = {
    type: 'ReferralRequested',
    ...beginning,
    registerBy: registered ? undefined : after(now, pack.clocks.registerReferenceMs),
    apartIds: [...new Set(references.flatMap((reference) => bases.get(reference)?.apartIds ?? []))],
    packVersion: pack.id,
    at: now,
  };
  const referral = evolve(undefined, requested);
  const desk = aboveQuota && countsToQuota(referral) ? awaitDesk : say();
  const next = beginning.basis === undefined ? awaitBasis : search;
  return [requested, ...inTurn(referral, knowledge, desk, next)];
}

const awaitBasis: Step = (referral, knowledge) => {
  const basis = basisOf(referral, knowledge);
  if (basis !== undefined) return inTurn(referral, knowledge, () => [{ type: 'BasisFound', basis }], search);
  return [{ type: 'BasisAwaited', until: after(knowledge.now, knowledge.pack.clocks.waitingForBasisMs) }];
};

/**
 * A new version of the need: open offers stand where it is still safe, and services that said "outside criteria" may be asked again. Another need is another
 * referral: who was asked for a bed has said nothing of a lawyer.
 */
export function amendNeed(
  referral: Referral,
  need: Need,
  knowledge: Knowledge,
): Decision<ReferralEvent, RequestRefusal> {
  if (isOver(referral)) return refuse('already-over');
  if (need.need !== referral.need.need) return refuse('another-need', 'need.need');
  return accept(
    ...inTurn(
      referral,
      knowledge,
      () => [{ type: 'NeedAmended', need, urgency: referral.urgency }],
      factsChanged,
      tellOfOtherTerms(referral),
    ),
  );
}
