import type { Meta } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { signalAvailability } from '../outbound/availability-signals.ts';
import { type CapacityReport, storeHint } from '../outbound/capacity-hints.ts';

/** Stores the number of free units. If it rose, at most that many referrals are woken after this transaction. */
export async function onCapacityChanged(
  tx: Transaction,
  meta: Meta,
  report: CapacityReport,
): Promise<void> {
  const freed = await storeHint(tx, report);
  if (freed > 0)
    await signalAvailability(tx, { serviceId: report.serviceId, units: freed }, meta.now);
}
