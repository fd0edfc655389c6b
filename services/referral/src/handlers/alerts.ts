import type { CountryPack } from '@opennrm/country';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { referralOfAlert } from '../adapters/reads.ts';
import { acknowledgeAlert, resolveAlert } from '../domain/alerts.ts';
import { asRequester, commandReferral } from './ground.ts';

type ActOn = typeof acknowledgeAlert | typeof resolveAlert;

const onAlert =
  (act: ActOn) =>
  async (tx: Transaction, pack: CountryPack, alertId: string, call: Call): Promise<Answer<{ alertId: string }>> => {
    const referralId = await referralOfAlert(tx, alertId);
    if (!referralId) return refused('not-found', 'alert_id');
    const decide = asRequester(call, (referral) => act(referral, alertId, call.actor.desk));
    return commandReferral(tx, pack, call, referralId, decide, () => ({ alertId }));
  };

/** Its owner has seen it; it stays open. */
export const acknowledge = onAlert(acknowledgeAlert);

/** Its owner has done what it asked for. */
export const resolve = onAlert(resolveAlert);
