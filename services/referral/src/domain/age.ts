import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { Decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import type { UnderEighteen } from './need.ts';
import { isOver, type Referral } from './referral.ts';
import { reviewAfterChange } from './review-offers.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/**
 * Which age counts when the vault recorded one before the request stated one. A person whom the vault treats as a child is treated as a
 * child, whatever the request states. An earlier record of full age does not remove a doubt that the request states: only a later record
 * does (Council of Europe Convention, article 10(3)).
 */
export const treatedAs = (
  stated: UnderEighteen,
  recorded: UnderEighteen | undefined,
): UnderEighteen => (recorded === undefined || recorded === 'no' ? stated : recorded);

/** Applies the ages that the vault recorded before. Where the request stated another age, an alert is raised. */
export const applyRecordedAges: Step = (referral, knowledge) => {
  const reviewed = referral.party.flatMap(
    ({ memberId, caseReference, underEighteen }): ReferralEvent[] => {
      const treated = treatedAs(underEighteen, knowledge.bases.get(caseReference)?.underEighteen);
      return treated === underEighteen
        ? []
        : [{ type: 'AgeReviewed', memberId, underEighteen: treated }];
    },
  );
  return reviewed.length === 0
    ? []
    : runSteps(referral, knowledge, emit(...reviewed), raiseAlert('age-changed'));
};

/** The vault repeats an age that it recorded before, because it did not know this reference then. */
export const ageRepeated: Decide = (referral, knowledge) =>
  reviewAge(referral, knowledge, applyRecordedAges);

/** What is known of a person's age will change soon: an alert asks to check whether the place still suits. */
export const ageChanged: Decide = (referral, knowledge) =>
  reviewAge(referral, knowledge, raiseAlert('age-changed'));

/**
 * The vault recorded an age now, and it counts from now on. A person whose age is in doubt or in dispute counts as a child (Council of
 * Europe Convention, article 10(3)).
 */
export const ageReviewed =
  (caseReference: string, underEighteen: UnderEighteen): Decide =>
  (referral, knowledge) => {
    const reviewed = referral.party
      .filter(
        (member) =>
          member.caseReference === caseReference && member.underEighteen !== underEighteen,
      )
      .map(({ memberId }): ReferralEvent => ({ type: 'AgeReviewed', memberId, underEighteen }));
    return reviewAge(referral, knowledge, emit(...reviewed), raiseAlert('age-changed'));
  };

function reviewAge(
  referral: Referral,
  knowledge: Knowledge,
  ...steps: readonly Step[]
): Decision<ReferralEvent> {
  if (isOver(referral) && referral.stage.name !== 'arrived') return ignore('already-over');
  const changed = runSteps(referral, knowledge, ...steps);
  const events = isOver(referral)
    ? changed
    : runSteps(referral, knowledge, emit(...changed), reviewAfterChange);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
}
