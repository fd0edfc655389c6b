import type { Instant } from '@opennrm/runtime/decision';
import type { Meta } from './subscription.ts';

/**
 * A moment that another service names, from which on something counts. Its clock is not this one: what counted already when it was said (both by the
 * sender's clock) counts from when it is heard at the latest. A moment that was still to come is kept.
 */
export const effectiveFrom = (moment: Instant, { at, now }: Pick<Meta, 'at' | 'now'>): Instant =>
  moment <= at && now < moment ? now : moment;
