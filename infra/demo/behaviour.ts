import { hours } from '@opennrm/runtime/decision';
import { chance } from './chance.ts';
import { type Delay, figure, type Shares } from './figures.ts';
import type { UrgencyName } from './people.ts';

/** A shelter's answer to an offer. The figures are of similar services (see the calibration). */
export type ShelterAnswer =
  | {
      readonly kind: 'accept';
      readonly afterMs: number;
      readonly byTelephone: boolean;
      readonly bedTaken: boolean;
    }
  | {
      readonly kind: 'decline';
      readonly code: string;
      readonly afterMs: number;
      readonly byTelephone: boolean;
    }
  | { readonly kind: 'silent' };

/** The reasons of the calibration as codes of the sample pack. */
const declineCodes: Readonly<Record<string, string>> = {
  full: 'full',
  needsNotMet_mentalHealth: 'cannot-meet-need',
  needsNotMet_substanceUse: 'cannot-meet-need',
  gender: 'outside-criteria',
  familyTooLargeOrOlderBoy: 'outside-criteria',
  accessibility: 'cannot-meet-need',
  language: 'language',
  noFundingOrStatus: 'funding',
  riskTooNearPerpetrator: 'safety-concern',
  offendingHistory: 'outside-criteria',
  pet: 'other',
  missingInformation: 'other',
  other: 'other',
};

/** Each service has an accept rate of its own: some answer always, some never. */
export function drawAnswer(seed: number, serviceId: string, offerId: string): ShelterAnswer {
  const [accepts, declines] = figure<{ shelter: [number, number, number] }>('pr.mix').shelter;
  const own = chance(seed, 'service', serviceId).share(
    accepts,
    figure<number>('ours.concentration'),
  );
  const offer = chance(seed, 'offer', serviceId, offerId);
  const declineShare = ((1 - own) * declines) / (1 - accepts);
  const kind = offer.among({
    accept: own,
    decline: declineShare,
    silent: Math.max(0, 1 - own - declineShare),
  });
  if (kind === 'silent') return { kind };
  const afterMs = hours(
    offer.hours(figure<{ shelterDecision: Delay }>('pr.delay').shelterDecision),
  );
  const byTelephone = offer.happens(figure<number>('ours.telephone'));
  if (kind === 'accept')
    return { kind, afterMs, byTelephone, bedTaken: offer.happens(figure<number>('pr.stale')) };
  return {
    kind: 'decline',
    afterMs,
    byTelephone,
    code: declineCodes[offer.among(figure<Shares>('dr.shelter'))] ?? 'other',
  };
}

/** The person's answer to a confirmed place, and its delay. */
export function drawPersonAnswer(
  seed: number,
  offerId: string,
  urgency: UrgencyName,
): { yes: boolean; afterMs: number; code: string } {
  const person = chance(seed, 'answer', offerId);
  return {
    yes: !person.happens(figure<number>('pr.client_declines')),
    afterMs: hours(person.hours(figure<Record<UrgencyName, Delay>>('ours.personAnswer')[urgency])),
    code: person.pick(['area', 'other-residents', 'rules', 'too-far', 'wants-time', 'other']),
  };
}

export type JourneyEnd = 'arrives' | 'not-collected' | 'does-not-arrive';

/** The departure, the duration and the end of a journey. Each attempt is drawn separately. */
export function drawJourney(
  seed: number,
  referralId: string,
  attempt: number,
  urgency: UrgencyName,
) {
  const draw = chance(seed, 'journey', referralId, attempt);
  const [leaves, lasts] = figure<Record<UrgencyName, [number, number]>>('ours.journey')[urgency];
  const end: JourneyEnd = draw.happens(figure<number>('pr.no_show'))
    ? draw.pick(['not-collected', 'does-not-arrive'])
    : 'arrives';
  return {
    leavesInMs: hours(leaves * (0.5 + draw.next())),
    lastsMs: hours(lasts * (0.5 + draw.next())),
    end,
    escort: draw.uuid(),
  };
}

/** A few people withdraw their referral. @returns the delay in milliseconds, or undefined if they do not. */
export function drawWithdrawal(seed: number, nth: number): number | undefined {
  const person = chance(seed, 'withdrawal', nth);
  return person.happens(figure<number>('ours.withdraws'))
    ? hours(1 + person.next() * 10)
    : undefined;
}
