import { systemAuthor } from '@opennrm/messaging';
import type { Transaction } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import { passTime } from '../domain/places/places.ts';
import { changePlaces } from './places-provider.ts';

/** A time of an appointment book has begun: fewer places are free, and the service is not asked about it any more. */
export async function onTimeOfBook(
  tx: Transaction,
  serviceId: string,
  now: Instant,
): Promise<void> {
  const by = { at: now, author: systemAuthor };
  await changePlaces(tx, serviceId, by, undefined, (state) => passTime(state, now));
}
