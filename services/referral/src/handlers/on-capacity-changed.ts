import type { CountryPack } from '@opennrm/country';
import { type Meta, platform } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import { type CapacityWord, keepHint, longestWaiting } from '../adapters/capacity-hints.ts';
import { capacityRose } from '../domain/clocks.ts';
import { changeReferral } from './ground.ts';

/** n freed units wake at most n referrals that wait: by urgency, then by how long they have waited. */
export async function onCapacityChanged(
  tx: Transaction,
  pack: CountryPack,
  meta: Meta,
  word: CapacityWord,
): Promise<void> {
  const freed = await keepHint(tx, word);
  if (freed <= 0) return;
  let woken = 0;
  for (const referralId of await longestWaiting(tx, pack.clocks.wakeAtMost)) {
    const outcome = await changeReferral(tx, pack, meta.now, platform, referralId, capacityRose);
    if (outcome.kind === 'accepted') woken++;
    if (woken >= freed) return;
  }
}
