import { accept, type Decision, type Instant, ignore } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { Decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import type { RecordedAge } from './matching/basis.ts';
import type { Member, UnderEighteen } from './need.ts';
import { isOver, type Referral } from './referral.ts';
import { reviewAfterChange } from './review-offers.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

/**
 * Which age counts. A person whom the vault treats as a child is treated as a child, whatever the request states. A record of full age removes a doubt
 * that the request states only if it was made after the request (Council of Europe Convention, article 10(3)). The times of record and request decide, not
 * the order in which they arrive: a late or repeated record changes nothing that a newer one decided.
 */
export const treatedAs = (
  stated: UnderEighteen,
  statedAt: Instant,
  recorded: RecordedAge,
): UnderEighteen =>
  recorded.underEighteen === 'no' && recorded.at <= statedAt ? stated : recorded.underEighteen;

const isApplied = ({ underEighteen, ageRecordedAt }: Member, recorded: RecordedAge): boolean =>
  ageRecordedAt !== undefined &&
  (recorded.at < ageRecordedAt ||
    (recorded.at === ageRecordedAt && recorded.underEighteen === underEighteen));

/** What a record changes for a member; nothing where it is too old to count. */
function reviewMember(
  member: Member,
  recorded: RecordedAge | undefined,
  requestedAt: Instant,
): ReferralEvent[] {
  if (recorded === undefined || isApplied(member, recorded)) return [];
  const { memberId, underEighteen } = member;
  const treated = treatedAs(member.stated ?? underEighteen, requestedAt, recorded);
  const isTooOld = recorded.underEighteen === 'no' && recorded.at <= requestedAt;
  return isTooOld && treated === underEighteen
    ? []
    : [{ type: 'AgeReviewed', memberId, underEighteen: treated, recordedAt: recorded.at }];
}

/** Applies the ages that the vault recorded before. Where the request stated another age, an alert is raised. */
export const applyRecordedAges: Step = (referral, knowledge) => {
  const reviewed = referral.party.flatMap((member): ReferralEvent[] => {
    const recorded = knowledge.bases.get(member.caseReference)?.age;
    return reviewMember(member, recorded, referral.requestedAt);
  });
  const isChanged = reviewed.some(
    (event) =>
      event.type === 'AgeReviewed' &&
      referral.party.some(
        ({ memberId, underEighteen }) =>
          memberId === event.memberId && underEighteen !== event.underEighteen,
      ),
  );
  return isChanged
    ? runSteps(referral, knowledge, emit(...reviewed), raiseAlert('age-changed'))
    : reviewed;
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
  (caseReference: string, recorded: RecordedAge): Decide =>
  (referral, knowledge) => {
    const reviewed = referral.party
      .filter((member) => member.caseReference === caseReference)
      .flatMap((member) => reviewMember(member, recorded, referral.requestedAt));
    return reviewed.length === 0
      ? ignore('nothing-changes')
      : reviewAge(referral, knowledge, emit(...reviewed), raiseAlert('age-changed'));
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
