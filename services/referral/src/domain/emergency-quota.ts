import type { CountryPack } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { isOver, type Referral } from './referral.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** How many people are in live emergencies with an unregistered reference, counted by requester and by organisation. */
export interface LiveEmergencies {
  readonly byPerson: number;
  readonly byOrganisation: number;
}

/**
 * Whether this many more people exceed the quota. A stolen token must not hold every bed of the country, and no emergency is refused.
 * Above the quota nothing is held until the coordination desk confirms.
 */
export const isAboveQuota = (
  people: number,
  live: LiveEmergencies,
  { emergencyQuota }: CountryPack,
): boolean =>
  live.byPerson + people > emergencyQuota.perPerson ||
  live.byOrganisation + people > emergencyQuota.perOrganisation;

/** Only the caller vouches for the emergency: the vault does not know the reference. */
export const countsTowardsQuota = (referral: Referral): boolean =>
  referral.urgency === 'emergency' && !referral.registered && !isOver(referral);

/** Alerts the coordination desk, at once and at each deadline, until it confirms. */
export const requestDeskConfirmation: Step = (referral, knowledge) => {
  const until = after(knowledge.now, knowledge.pack.deadlines.confirmEmergencyMs);
  return runSteps(
    referral,
    knowledge,
    emit({ type: 'DeskConfirmationRequested', until }),
    raiseAlert('emergency-unconfirmed'),
  );
};
