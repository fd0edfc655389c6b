import type { CountryPack } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import { isOver, type Referral } from './referral.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** How many people are in live emergencies whose reference is not registered, by who asked for them. */
export interface LiveEmergencies {
  readonly byPerson: number;
  readonly byOrganisation: number;
}

/**
 * Whether so many people more are above the quota. One stolen token must not hold every bed of the country, and no emergency is refused: above the quota it
 * needs the coordination desk's confirmation before anything is held.
 */
export const isAboveQuota = (
  people: number,
  live: LiveEmergencies,
  { emergencyQuota }: CountryPack,
): boolean =>
  live.byPerson + people > emergencyQuota.perPerson ||
  live.byOrganisation + people > emergencyQuota.perOrganisation;

/** Nobody but the caller vouches for it: the vault does not know the reference. */
export const countsTowardsQuota = (referral: Referral): boolean =>
  referral.urgency === 'emergency' && !referral.registered && !isOver(referral);

/** The coordination desk is told, at once and again at each deadline, until it confirms. */
export const requestDeskConfirmation: Step = (referral, knowledge) => {
  const until = after(knowledge.now, knowledge.pack.deadlines.confirmEmergencyMs);
  return runSteps(
    referral,
    knowledge,
    emit({ type: 'DeskConfirmationRequested', until }),
    raiseAlert('emergency-unconfirmed'),
  );
};
