import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import { faultOf, type Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { endSignal, findSignal, goOnAfter, nextThatCouldFit } from '../adapters/fit-signals.ts';
import { mayFit } from '../domain/may-fit.ts';
import { changeReferral } from './ground.ts';

/** Wakes the next referral that a signal could suit. Each is a transaction of its own: a storm of freed units never holds up the consumer. */
export const onMayFit =
  (pack: CountryPack) =>
  async (tx: Transaction, signalId: string, now: Instant): Promise<void> => {
    const signal = await findSignal(tx, signalId);
    if (!signal) return;
    const next = signal.units > 0 ? await nextThatCouldFit(tx, signal) : undefined;
    if (!next) return endSignal(tx, signal);
    const woken = await wake(tx, pack, next.id, signal.service_id, now);
    await goOnAfter(tx, signal, next, signal.units - (woken ? 1 : 0), now);
  };

/**
 * A referral that fails by its own fault holds up nobody behind it; its own deadlines say that it fails.
 * @returns whether it asks somebody now.
 */
async function wake(
  tx: Transaction,
  pack: CountryPack,
  referralId: string,
  serviceId: string,
  now: Instant,
): Promise<boolean> {
  await tx.query('SAVEPOINT wake');
  try {
    const decide = mayFit(serviceId);
    const outcome = await changeReferral(tx, pack, now, platform, referralId, decide);
    await tx.query('RELEASE SAVEPOINT wake');
    return outcome.kind === 'accepted';
  } catch (error) {
    if (faultOf(error) !== 'own') throw error;
    await tx.query('ROLLBACK TO SAVEPOINT wake');
    return false;
  }
}
