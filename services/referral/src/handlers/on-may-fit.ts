import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import { faultOf, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import {
  endSignal,
  type FitSignal,
  findSignal,
  goOnAfter,
  nextThatCouldFit,
  type Waiting,
} from '../adapters/fit-signals.ts';
import { decideKnowing } from '../adapters/knowledge.ts';
import { referrals } from '../adapters/referrals.ts';
import { mayFit } from '../domain/may-fit.ts';
import { caseReferences } from '../domain/referral.ts';
import { changeReferral } from './ground.ts';

/** So many referrals are looked at in one transaction at most: none of them is locked, and at most one is changed. */
const LOOKED_AT = 20;

/** Wakes the next referral that a signal suits. Each is a transaction of its own: a storm of freed units never holds up the consumer. */
export const onMayFit =
  (pack: CountryPack) =>
  async (tx: Transaction, signalId: string, now: Instant): Promise<void> => {
    let signal = await findSignal(tx, signalId);
    if (!signal) return;
    let last: Waiting | undefined;
    for (let looked = 0; looked < LOOKED_AT; looked++) {
      const next: Waiting | undefined = signal.units > 0 ? await nextThatCouldFit(tx, signal) : undefined;
      if (!next) return endSignal(tx, signal);
      if (await unlessItFails(tx, () => suits(tx, pack, next.id, signal as FitSignal, now))) {
        const decide = mayFit(signal.service_id);
        const woken = await unlessItFails(tx, async () => {
          const outcome = await changeReferral(tx, pack, now, platform, next.id, decide);
          return outcome.kind === 'accepted';
        });
        return goOnAfter(tx, signal, next, signal.units - (woken ? 1 : 0), now);
      }
      last = next;
      signal = { ...signal, after_urgency: next.urgency, after_requested_at: next.requested_at, after_id: next.id };
    }
    if (last) await goOnAfter(tx, signal, last, signal.units, now);
  };

/** Whether the referral would ask the service now, as far as can be seen without locking it. */
async function suits(
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  { service_id }: FitSignal,
  now: Instant,
): Promise<boolean> {
  const referral = await referrals.find(tx, referralId);
  if (!referral) return false;
  const decide = mayFit(service_id);
  const decision = await decideKnowing(tx, pack, now, caseReferences(referral), (known) => decide(referral, known));
  return decision.kind === 'accepted';
}

/**
 * A referral that fails by its own fault holds up nobody behind it, and leaves nothing behind; its own deadlines say that it fails.
 * @returns what `work` says; false where it failed.
 */
async function unlessItFails(tx: Transaction, work: () => Promise<boolean>): Promise<boolean> {
  await tx.query('SAVEPOINT wake');
  try {
    const given = await work();
    await tx.query('RELEASE SAVEPOINT wake');
    return given;
  } catch (error) {
    if (faultOf(error) !== 'own') throw error;
    await tx.query('ROLLBACK TO SAVEPOINT wake');
    return false;
  }
}
