import type { Urgency } from '../domain/need.ts';

/** The order in which waiting referrals are checked: the more urgent first. */
export const urgencyOrder = { emergency: 0, urgent: 1, planned: 2 } as const;

export const everyUrgency = Object.keys(urgencyOrder) as Urgency[];
