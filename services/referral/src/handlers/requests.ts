import type { CountryPack } from '@opennrm/country';
import { answerFrom } from '@opennrm/messaging';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { refuse } from '@opennrm/runtime/decision';
import { confirmEmergency } from '../domain/confirm-emergency.ts';
import { isAboveQuota } from '../domain/emergency-quota.ts';
import { arrangeJourney, type JourneyPlan, recordCollected } from '../domain/journey.ts';
import type { Need, ServiceId } from '../domain/need.ts';
import { isForDeskOnly, type Override, override } from '../domain/override.ts';
import { type PersonAnswer, recordPersonAnswer } from '../domain/person.ts';
import { type Referral, stateName } from '../domain/referral.ts';
import { amendNeed, type ReferralRequest, requestReferral } from '../domain/request.ts';
import { withdrawReferral } from '../domain/withdrawal.ts';
import { lockAndCountEmergencies } from '../outbound/emergency-quota.ts';
import { withKnowledge } from '../outbound/knowledge.ts';
import { lockPeople } from '../outbound/same-person.ts';
import { checkSecondReferral } from './already-referred.ts';
import {
  type ActorCheck,
  authorOf,
  commandReferral,
  createReferral,
  mayAct,
} from './change-referral.ts';
import { commandOnParty, type PartyResult } from './party.ts';

const stateOf = (referral: Referral) => ({ state: stateName(referral) });

/**
 * A refused request leaves no rows for new cases, and the referral that it was to replace stays unchanged.
 * @param replaces the live referral that this request replaces
 */
export const request = (
  tx: Transaction,
  pack: CountryPack,
  referralRequest: ReferralRequest,
  call: Call,
  replaces?: string,
): Promise<Answer<{ referralId: string; state: string }>> =>
  tx.savepoint(
    () => lockAndCreate(tx, pack, referralRequest, call, replaces),
    ({ kind }) => kind !== 'refused',
    'with-transaction',
  );

async function lockAndCreate(
  tx: Transaction,
  pack: CountryPack,
  referralRequest: ReferralRequest,
  call: Call,
  replaces?: string,
): Promise<Answer<{ referralId: string; state: string }>> {
  const references = referralRequest.party.map((member) => member.caseReference);
  const samePerson = await lockPeople(tx, references);
  // The quota is locked before the module `directory`, which may have the place of the replaced referral.
  if (replaces !== undefined) await isAboveQuotaNow(tx, pack, referralRequest);
  const second = await checkSecondReferral(
    tx,
    pack,
    { request: referralRequest, samePerson, replaces },
    call,
  );
  return second.kind === 'refused'
    ? second
    : create(tx, pack, { referralRequest, ...second }, call);
}

async function create(
  tx: Transaction,
  pack: CountryPack,
  {
    referralRequest,
    declinedServiceIds,
  }: {
    readonly referralRequest: ReferralRequest;
    readonly declinedServiceIds: readonly ServiceId[];
  },
  call: Call,
): Promise<Answer<{ referralId: string; state: string }>> {
  const references = referralRequest.party.map((member) => member.caseReference);
  const decideWith = withKnowledge(tx, pack, call.at, references);
  const decide = (aboveQuota: boolean) =>
    decideWith((knowledge) =>
      requestReferral(referralRequest, knowledge, { aboveQuota, declinedServiceIds }),
    );
  const belowQuota = await decide(false);
  // Counted last: other requests for the same organisation wait for this lock.
  const decision = (await isAboveQuotaNow(tx, pack, referralRequest))
    ? await decide(true)
    : belowQuota;
  const by = {
    at: call.at,
    author: {
      ...authorOf(call.actor),
      ...(referralRequest.basis ? { basis: referralRequest.basis } : {}),
    },
  };
  const outcome = await createReferral(tx, pack, by, referralRequest.referralId, decision);
  return answerFrom(
    outcome,
    (referral) => ({ referralId: referralRequest.referralId, ...stateOf(referral) }),
    'referral_id',
  );
}

/** Only an emergency can be above the quota. Other urgencies are not counted, so they wait for no quota lock. */
async function isAboveQuotaNow(
  tx: Transaction,
  pack: CountryPack,
  { urgency, party, requestedBy, ownerOrg }: ReferralRequest,
): Promise<boolean> {
  if (urgency !== 'emergency') return false;
  const live = await lockAndCountEmergencies(tx, requestedBy, ownerOrg);
  return isAboveQuota(party.length, live, pack);
}

export const amend = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  need: Need,
  call: Call,
) =>
  commandReferral(tx, pack, call, {
    referralId,
    isAllowed: mayAct,
    decide: (referral, knowledge) => amendNeed(referral, need, knowledge),
    respond: ({ needVersion }) => ({ needVersion }),
  });

export const withdraw = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  wish: { memberId: string | undefined; code: string },
  call: Call,
): Promise<Answer<PartyResult>> =>
  commandOnParty(tx, pack, call, {
    referralId,
    isAllowed: mayAct,
    decide: (referral, knowledge) => withdrawReferral(referral, wish, knowledge),
  });

/** Only for the coordination desk of the country: a requester must not confirm their own emergency. */
export const confirm = (tx: Transaction, pack: CountryPack, referralId: string, call: Call) =>
  commandReferral(tx, pack, call, {
    referralId,
    isAllowed: mayAct,
    decide: (referral, knowledge) =>
      call.actor.holds('coordinator')
        ? confirmEmergency(referral, knowledge)
        : refuse('desk-not-held', 'referral_id'),
    respond: stateOf,
  });

/** The coordination desk may override on every referral, a coordinator of another organisation on that organisation's referrals. */
export const overrideRule = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  how: Override,
  call: Call,
) =>
  commandReferral(tx, pack, call, {
    referralId,
    isAllowed: mayAct,
    decide: (referral, knowledge) =>
      !call.actor.holds('coordinator') && isForDeskOnly(referral, how, pack)
        ? refuse('desk-not-held', 'action')
        : override(referral, how, knowledge),
    respond: stateOf,
  });

export const personAnswered = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  answer: PersonAnswer,
  call: Call,
): Promise<Answer<PartyResult>> =>
  commandOnParty(tx, pack, call, {
    referralId,
    isAllowed: mayAct,
    decide: (referral, knowledge) => recordPersonAnswer(referral, answer, knowledge),
  });

export const arrange = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  plan: JourneyPlan,
  call: Call,
) =>
  commandReferral(tx, pack, call, {
    referralId,
    isAllowed: mayAct,
    decide: (referral, knowledge) => arrangeJourney(referral, plan, knowledge),
    respond: stateOf,
  });

/** The named escort records it; a caseworker or coordinator may do so for them. */
const mayCollect: ActorCheck = (referral, actor) => {
  const { stage } = referral;
  return (stage.name === 'journey' && stage.escortId === actor.person) || mayAct(referral, actor);
};

export const collected = (tx: Transaction, pack: CountryPack, referralId: string, call: Call) =>
  commandReferral(tx, pack, call, {
    referralId,
    isAllowed: mayCollect,
    decide: recordCollected,
    respond: stateOf,
  });
