import type { CountryPack } from '@opennrm/country';
import { answerFrom } from '@opennrm/messaging';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import type { MemberLeft } from '../domain/events.ts';
import { referralOfFormerMember } from '../domain/leave-party.ts';
import { caseReferences, type Referral, stateName } from '../domain/referral.ts';
import { decideWithKnowledge } from '../outbound/knowledge.ts';
import { referrals } from '../outbound/referrals.ts';
import { lockPeople } from '../outbound/same-person.ts';
import {
  authorOf,
  type Command,
  changeReferral,
  createReferral,
  guardByActor,
} from './change-referral.ts';

/** The state of a referral, and the referral of the member who left its party; empty where none left. */
export interface PartyResult {
  readonly state: string;
  readonly memberReferralId: string;
}

/** A command by which a member may leave a party. In the same transaction a referral of their own begins. */
export async function commandOnParty(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  {
    referralId,
    isAllowed,
    decide,
  }: Pick<Command<PartyResult>, 'referralId' | 'isAllowed' | 'decide'>,
): Promise<Answer<PartyResult>> {
  await lockPeopleOf(tx, referralId);
  const asked = guardByActor(isAllowed, call, 'referral_id', decide);
  const outcome = await changeReferral(tx, pack, call.at, authorOf(call.actor), referralId, asked);
  const memberLeft =
    outcome.kind === 'accepted'
      ? outcome.events.find((event) => event.type === 'MemberLeft')
      : undefined;
  if (memberLeft && outcome.kind === 'accepted')
    await createMemberReferral(tx, pack, call, outcome.state, memberLeft);
  const respond = (referral: Referral): PartyResult => ({
    state: stateName(referral),
    memberReferralId: memberLeft?.memberReferralId ?? '',
  });
  return answerFrom(outcome, respond, 'referral_id');
}

/**
 * Cases are locked before referrals, as for the vault's events and under every reference of the people: a new referral and a concurrent
 * vault event about the same person must see each other.
 */
async function lockPeopleOf(tx: Transaction, referralId: string): Promise<void> {
  const referral = await referrals.find(tx, referralId);
  if (!referral || referral.party.length === 1) return;
  await lockPeople(tx, caseReferences(referral));
}

async function createMemberReferral(
  tx: Transaction,
  pack: CountryPack,
  { at, actor }: Call,
  party: Referral,
  memberLeft: MemberLeft,
): Promise<void> {
  const decision = await decideWithKnowledge(
    tx,
    pack,
    at,
    [memberLeft.member.caseReference],
    (knowledge) => accept(...referralOfFormerMember(party, memberLeft, knowledge)),
  );
  const { requestBasis } = party;
  const author =
    requestBasis === undefined ? authorOf(actor) : { ...authorOf(actor), basis: requestBasis };
  const by = { at, author };
  const outcome = await createReferral(tx, pack, by, memberLeft.memberReferralId, decision);
  // No member leaves without a referral of their own: the whole command fails.
  if (outcome.kind !== 'accepted')
    throw new Error(`the referral of a former member: ${outcome.kind}`);
}
