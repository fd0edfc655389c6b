import type { CountryPack } from '@opennrm/country';
import { platform } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { timePasses } from '../domain/clocks.ts';
import { changeReferral } from './ground.ts';

/** A clock of a referral fell due. */
export const onTimePasses =
  (pack: CountryPack) =>
  async (tx: Transaction, referralId: string, now: Instant): Promise<void> => {
    await changeReferral(tx, pack, now, platform, referralId, timePasses);
  };
