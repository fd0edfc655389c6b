import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { type Asked, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { withdraw } from './requests.ts';

/** New random case references. */
export const references = (many: number): string[] =>
  Array.from({ length: many }, () => randomUUID());

/** `referral` on a database, with what the tests of a second referral do. */
export async function referredTwiceDatabase() {
  const world = await referralDatabase();
  /** Applies one event of the vault, as the consumer does. */
  async function registered(
    caseReference: string,
    ...sameCaseReferences: readonly string[]
  ): Promise<void> {
    const topic = topics.caseVaultForReferral;
    const value = { caseReference, sameCaseReferences: [...sameCaseReferences] };
    const event = topic.encode({ $case: 'referenceRegistered', value });
    const apply = vaultSubscription(pack).read(typeOf(topic, 'referenceRegistered'), event);
    const meta = {
      id: randomUUID(),
      key: caseReference,
      sequence: 1,
      epoch: 1,
      at: monday,
      now: monday,
    };
    await world.inTransaction(async (tx) => apply?.(tx, meta));
  }

  const asksFor = (...under: readonly string[]): Promise<Asked> =>
    world.requestEmergency(monday, under.length, { under });
  const alertsOf = async ({ referralId }: Asked): Promise<string[]> =>
    (await world.stateOf(referralId)).alerts.map(({ code }) => code);
  const withdraws = ({ referralId, call }: Asked, memberId?: string) =>
    world.inTransaction((tx) =>
      withdraw(tx, pack, referralId, { memberId, code: 'own-wish' }, call),
    );
  return { ...world, registered, asksFor, alertsOf, withdraws };
}
