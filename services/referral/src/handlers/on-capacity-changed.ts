import type { Meta } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { type CapacityWord, keepHint } from '../adapters/capacity-hints.ts';
import { signalFit } from '../adapters/fit-signals.ts';

/** Keeps the number of free units; where it rose, up to as many referrals are woken, after this transaction. */
export async function onCapacityChanged(tx: Transaction, meta: Meta, word: CapacityWord): Promise<void> {
  const freed = await keepHint(tx, word);
  if (freed > 0) await signalFit(tx, { serviceId: word.serviceId, units: freed }, meta.now);
}
