import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { timePasses } from '../domain/deadlines.ts';
import { changeProvider } from './provider-commands.ts';

/** A deadline of a provider is due. */
export const onTimePasses = async (
  tx: Transaction,
  providerId: string,
  now: Instant,
): Promise<void> => {
  await changeProvider(tx, providerId, now, systemAuthor, (provider) => timePasses(provider, now));
};
