import type { CountryPack } from '@opennrm/country';
import { answerFrom } from '@opennrm/messaging';
import type { Answer, Call, Transaction } from '@opennrm/runtime';
import { accept } from '@opennrm/runtime/decision';
import { lockCases } from '../adapters/case-bases.ts';
import { decideKnowing } from '../adapters/knowledge.ts';
import { referrals } from '../adapters/referrals.ts';
import type { MemberLeft } from '../domain/events.ts';
import { referralOfLeaver } from '../domain/leaving.ts';
import { caseReferences, type Referral, stateName } from '../domain/referral.ts';
import { authorOf, type Command, changeReferral, onlyFor } from './ground.ts';

/** Where a referral is, and the referral of whoever left its party; empty where nobody left. */
export interface Left {
  readonly state: string;
  readonly ownReferralId: string;
}

/** A command by which somebody may leave a party: in the same transaction a referral of their own begins. */
export async function commandParty(
  tx: Transaction,
  pack: CountryPack,
  call: Call,
  { referralId, may, decide }: Pick<Command<Left>, 'referralId' | 'may' | 'decide'>,
): Promise<Answer<Left>> {
  await lockCasesOf(tx, referralId);
  const asked = onlyFor(may, call, 'referral_id', decide);
  const outcome = await changeReferral(tx, pack, call.at, authorOf(call.actor), referralId, asked);
  const left = outcome.kind === 'accepted' ? outcome.events.find((event) => event.type === 'MemberLeft') : undefined;
  if (left && outcome.kind === 'accepted') await beginOwnReferral(tx, pack, call, outcome.state, left);
  const respond = (referral: Referral): Left => ({
    state: stateName(referral),
    ownReferralId: left?.ownReferralId ?? '',
  });
  return answerFrom(outcome, respond, 'referral_id');
}

/**
 * Cases are locked before referrals, as the vault's events lock them: a new referral and the vault's next event about
 * the same case must see one another.
 */
async function lockCasesOf(tx: Transaction, referralId: string): Promise<void> {
  const referral = await referrals.find(tx, referralId);
  if (referral && referral.party.length > 1) await lockCases(tx, caseReferences(referral));
}

async function beginOwnReferral(
  tx: Transaction,
  pack: CountryPack,
  { at, actor }: Call,
  party: Referral,
  left: MemberLeft,
): Promise<void> {
  const decision = await decideKnowing(tx, pack, at, [left.member.caseReference], (knowing) =>
    accept(...referralOfLeaver(party, left, knowing)),
  );
  const { ownBasis } = party;
  const author = ownBasis === undefined ? authorOf(actor) : { ...authorOf(actor), basis: ownBasis };
  const outcome = await referrals.create(tx, left.ownReferralId, decision, { at, author, ruleVersion: pack.id });
  // Nobody leaves without a referral of their own: the whole command fails.
  if (outcome.kind !== 'accepted') throw new Error(`the referral of a member who left: ${outcome.kind}`);
}
