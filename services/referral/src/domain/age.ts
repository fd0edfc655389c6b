import { accept, type Decision, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { Decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import type { UnderEighteen } from './need.ts';
import { isOver, type Referral } from './referral.ts';
import { reviewAfterChange } from './review-offers.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/**
 * As what a person is treated whose age was recorded in the vault before the request stated one. Whom the vault treats as a child is treated as one,
 * whatever the request says. An adult's age of before does not remove a doubt that the request states: only a record made since does
 * (Council of Europe Convention, article 10(3)).
 */
export const treatedAs = (
  stated: UnderEighteen,
  recorded: UnderEighteen | undefined,
): UnderEighteen => (recorded === undefined || recorded === 'no' ? stated : recorded);

/** Applies the ages that the vault recorded before; whoever acts for the person learns where the request said something else. */
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

/** The vault repeats an age that it recorded before, since it did not know this reference then. */
export const ageRepeated: Decide = (referral, knowledge) =>
  reviewAge(referral, knowledge, applyRecordedAges);

/** What is known of a person's age will change soon: whoever acts for them checks whether the place still suits. */
export const ageChanged: Decide = (referral, knowledge) =>
  reviewAge(referral, knowledge, raiseAlert('age-changed'));

/** The vault recorded an age now: the person is treated so from now on. An age that is in doubt or in dispute is a child's (Council of Europe Convention, article 10(3)). */
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
