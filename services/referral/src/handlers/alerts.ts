import type { CountryPack } from '@opennrm/country';
import { type Answer, type Call, refused, type Transaction } from '@opennrm/runtime';
import { type AlertCommand, acknowledgeAlert, resolveAlert } from '../domain/alerts.ts';
import { referralOfAlert } from '../outbound/reads.ts';
import { commandReferral, mayAct } from './change-referral.ts';

const onAlert =
  (act: AlertCommand) =>
  async (
    tx: Transaction,
    pack: CountryPack,
    alertId: string,
    call: Call,
  ): Promise<Answer<{ alertId: string }>> => {
    const referralId = await referralOfAlert(tx, alertId);
    if (!referralId) return refused('not-found', 'alert_id');
    return commandReferral(tx, pack, call, {
      referralId,
      field: 'alert_id',
      isAllowed: mayAct,
      decide: (referral) => act(referral, alertId, call.actor.desk),
      respond: () => ({ alertId }),
    });
  };

/** The owner has seen the alert. It stays open. */
export const acknowledge = onAlert(acknowledgeAlert);

/** The owner has done what the alert asked for. */
export const resolve = onAlert(resolveAlert);
