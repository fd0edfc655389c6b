import { accept, type Instant, ignore, seconds } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { Decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import type { CaseBasis } from './matching/basis.ts';
import type { UnderEighteen } from './need.ts';
import { concernsPerson } from './referral.ts';
import { emit, runSteps, type Step } from './steps.ts';

/** The clocks of two services may differ by this much (design rule 17). */
const CLOCKS_AGREE_WITHIN = seconds(5);

/**
 * Which age counts. A person whom the vault treats as a child is treated as a child, whatever the request states. A record of full age removes a doubt
 * that the request states only if it was made after the request, and no record counts as full age while a message of the vault is unread, because it may be
 * a newer age (Council of Europe Convention, article 10(3)). The times of record and request decide, not the order in which they arrive.
 */
export function treatedAs(
  stated: UnderEighteen,
  statedAt: Instant,
  { age, isAgeUnread }: Pick<CaseBasis, 'age' | 'isAgeUnread'>,
): UnderEighteen {
  const isOlder =
    age === undefined || (age.underEighteen === 'no' && age.at <= statedAt + CLOCKS_AGREE_WITHIN);
  const treated = isOlder ? stated : age.underEighteen;
  return treated === 'no' && isAgeUnread === true ? 'unsure' : treated;
}

/**
 * Applies the newest recorded ages to the members. Where a person is now treated differently, an alert is raised, because the place may not suit any more.
 */
export const applyRecordedAges: Step = (referral, knowledge) => {
  if (!concernsPerson(referral)) return [];
  const reviewed = referral.party.flatMap(
    ({ memberId, caseReference, stated, statedAt, underEighteen }): ReferralEvent[] => {
      const known = knowledge.bases.get(caseReference);
      if (known === undefined) return [];
      const treated = treatedAs(stated ?? underEighteen, statedAt ?? referral.requestedAt, known);
      return treated === underEighteen
        ? []
        : [{ type: 'AgeReviewed', memberId, underEighteen: treated }];
    },
  );
  return reviewed.length === 0
    ? []
    : runSteps(referral, knowledge, emit(...reviewed), raiseAlert('age-changed'));
};

/** What is known of a person's age will change soon: an alert asks to check whether the place still suits. */
export const ageWillChange: Decide = (referral, knowledge) => {
  if (!concernsPerson(referral)) return ignore('already-over');
  const events = raiseAlert('age-changed')(referral, knowledge);
  return events.length > 0 ? accept(...events) : ignore('nothing-changes');
};
