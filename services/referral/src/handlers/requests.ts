import type { CountryPack } from '@opennrm/country';
import { answerFrom } from '@opennrm/messaging';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { refuse } from '@opennrm/runtime/decision';
import { countEmergencies } from '../adapters/emergency-quota.ts';
import { decideKnowing } from '../adapters/knowledge.ts';
import { referrals } from '../adapters/referrals.ts';
import { lockPeople } from '../adapters/same-person.ts';
import { confirmEmergency } from '../domain/confirm-emergency.ts';
import { isAboveQuota } from '../domain/emergency-quota.ts';
import { arrangeJourney, type JourneyPlan, recordCollected } from '../domain/journey.ts';
import type { Need, ServiceId } from '../domain/need.ts';
import { needsDesk, type Override, override } from '../domain/override.ts';
import { type PersonAnswer, recordPersonAnswer } from '../domain/person.ts';
import { type Referral, stateName } from '../domain/referral.ts';
import { amendNeed, type ReferralRequest, requestReferral } from '../domain/request.ts';
import { withdrawReferral } from '../domain/withdrawal.ts';
import { refuseSecond } from './already-referred.ts';
import { authorOf, commandReferral, type May, mayAct } from './ground.ts';
import { commandParty, type Left } from './party.ts';

const stateOf = (referral: Referral) => ({ state: stateName(referral) });

/** @param replaces the live referral whose place this request takes, on purpose. */
export async function request(
  tx: Transaction,
  pack: CountryPack,
  asked: ReferralRequest,
  call: Call,
  replaces?: string,
): Promise<Answer<{ referralId: string; state: string }>> {
  const references = asked.party.map((member) => member.caseReference);
  await tx.query('SAVEPOINT request');
  const samePerson = await lockPeople(tx, references, () => tx.query('ROLLBACK TO SAVEPOINT request'));
  const second = await refuseSecond(tx, pack, { asked, samePerson, replaces }, call);
  const given = second.kind === 'refused' ? second : await create(tx, pack, { asked, ...second }, call);
  // What was begun of cases that nobody has named before, and a referral that was to be replaced, must stay as they were behind a no.
  if (given.kind === 'refused') await tx.query('ROLLBACK TO SAVEPOINT request');
  return given;
}

async function create(
  tx: Transaction,
  pack: CountryPack,
  { asked, declinedServices }: { readonly asked: ReferralRequest; readonly declinedServices: readonly ServiceId[] },
  call: Call,
): Promise<Answer<{ referralId: string; state: string }>> {
  const references = asked.party.map((member) => member.caseReference);
  const aboveQuota = await isRequestAboveQuota(tx, pack, asked);
  const decision = await decideKnowing(tx, pack, call.at, references, (knowing) =>
    requestReferral(asked, knowing, { aboveQuota, declinedServices }),
  );
  const context = {
    at: call.at,
    author: { ...authorOf(call.actor), ...(asked.basis ? { basis: asked.basis } : {}) },
    ruleVersion: pack.id,
  };
  const outcome = await referrals.create(tx, asked.referralId, decision, context);
  return answerFrom(outcome, (referral) => ({ referralId: asked.referralId, ...stateOf(referral) }), 'referral_id');
}

/** Only an emergency can be: others are not counted, so that they wait for nobody. */
async function isRequestAboveQuota(tx: Transaction, pack: CountryPack, asked: ReferralRequest): Promise<boolean> {
  if (asked.urgency !== 'emergency') return false;
  return isAboveQuota(asked.party.length, await countEmergencies(tx, asked.requestedBy, asked.ownerOrg), pack);
}

export const amend = (tx: Transaction, pack: CountryPack, referralId: string, need: Need, call: Call) =>
  commandReferral(tx, pack, call, {
    referralId,
    may: mayAct,
    decide: (referral, knowing) => amendNeed(referral, need, knowing),
    respond: ({ needVersion }) => ({ needVersion }),
  });

export const withdraw = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  wish: { memberId: string | undefined; code: string },
  call: Call,
): Promise<Answer<Left>> =>
  commandParty(tx, pack, call, {
    referralId,
    may: mayAct,
    decide: (referral, knowing) => withdrawReferral(referral, wish, knowing),
  });

/** For the country's coordination desk alone: whoever asks vouches for themselves already. */
export const confirm = (tx: Transaction, pack: CountryPack, referralId: string, call: Call) =>
  commandReferral(tx, pack, call, {
    referralId,
    may: mayAct,
    decide: (referral, knowing) =>
      call.actor.holds('coordinator') ? confirmEmergency(referral, knowing) : refuse('desk-not-held', 'referral_id'),
    respond: stateOf,
  });

/** The coordination desk on every referral; a coordinator of another organisation on that organisation's own. */
export const overrideRule = (tx: Transaction, pack: CountryPack, referralId: string, how: Override, call: Call) =>
  commandReferral(tx, pack, call, {
    referralId,
    may: mayAct,
    decide: (referral, knowing) =>
      !call.actor.holds('coordinator') && needsDesk(referral, how, pack)
        ? refuse('desk-not-held', 'action')
        : override(referral, how, knowing),
    respond: stateOf,
  });

export const personAnswered = (
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  answer: PersonAnswer,
  call: Call,
): Promise<Answer<Left>> =>
  commandParty(tx, pack, call, {
    referralId,
    may: mayAct,
    decide: (referral, knowing) => recordPersonAnswer(referral, answer, knowing),
  });

export const arrange = (tx: Transaction, pack: CountryPack, referralId: string, plan: JourneyPlan, call: Call) =>
  commandReferral(tx, pack, call, {
    referralId,
    may: mayAct,
    decide: (referral, knowing) => arrangeJourney(referral, plan, knowing),
    respond: stateOf,
  });

/** The named escort says so; a caseworker or coordinator may for them. */
const mayCollect: May = (referral, actor) => {
  const { stage } = referral;
  return (stage.name === 'journey' && stage.escortId === actor.person) || mayAct(referral, actor);
};

export const collected = (tx: Transaction, pack: CountryPack, referralId: string, call: Call) =>
  commandReferral(tx, pack, call, { referralId, may: mayCollect, decide: recordCollected, respond: stateOf });
