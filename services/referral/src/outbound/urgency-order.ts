import type { Urgency } from '../domain/need.ts';

/** The more urgent first: the order in which waiting referrals are looked at. */
export const urgencyOrder = { emergency: 0, urgent: 1, planned: 2 } as const;

export const everyUrgency = Object.keys(urgencyOrder) as Urgency[];
