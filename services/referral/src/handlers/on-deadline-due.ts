import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { timePasses } from '../domain/deadlines.ts';
import { changeReferral } from './change-referral.ts';

/** A deadline of a referral is due. */
export const onDeadlineDue =
  (pack: CountryPack) =>
  async (tx: Transaction, referralId: string, now: Instant): Promise<void> => {
    await changeReferral(tx, pack, now, systemAuthor, referralId, timePasses);
  };
