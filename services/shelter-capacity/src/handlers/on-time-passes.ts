import { platform } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { timePasses } from '../domain/clocks.ts';
import { changeProvider } from './ground.ts';

/** A clock of a provider fell due. */
export const onTimePasses = async (tx: Transaction, providerId: string, now: Instant): Promise<void> => {
  await changeProvider(tx, providerId, now, platform, (provider) => timePasses(provider, now));
};
