import type { Instant } from '@opennrm/runtime/decision';
import type { Meta } from './subscription.ts';

/**
 * When a moment named by another service takes effect here. The clocks of two services differ: a moment that had passed by the sender's
 * clock when the message was sent takes effect at the latest when the message is handled. A moment that was still in the future does not
 * change.
 */
export const effectiveFrom = (moment: Instant, { at, now }: Pick<Meta, 'at' | 'now'>): Instant =>
  moment <= at && now < moment ? now : moment;
