import type { CountryPack } from '@opennrm/country';
import { after } from '@opennrm/runtime/decision';
import { raiseAlert } from './alerts.ts';
import type { ReferralEvent } from './events.ts';
import { offerWithoutHold } from './make-offer.ts';
import { declinedServiceIdsOf } from './matching/bars.ts';
import type { Candidate } from './matching/candidate.ts';
import { recordOf } from './matching/decision-record.ts';
import { judge } from './matching/eligibility.ts';
import { compareTerms, orderNames, orderTerms } from './matching/order.ts';
import { NO_LOAD, type Service } from './matching/service.ts';
import type { Need, OfferId } from './need.ts';
import { isAnswerable, isBeingAsked, isPending, type Offer } from './offer.ts';
import { isUnconfirmedEmergency, type Referral } from './referral.ts';
import { requestConfirmation } from './request-confirmation.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';
import { withdrawUnsafe } from './unsafe.ts';

/** Every service with the rules that failed: eligible services first and in order. */
export function rank(referral: Referral, knowledge: Knowledge): JudgedService[] {
  const context = { referral, bases: knowledge.bases, pack: knowledge.pack, now: knowledge.now };
  const verdicts = knowledge
    .servicesFor(referral.need.need)
    .map((service) => ({ service, verdict: judge(context, service) }));
  const suitable = verdicts.filter(({ verdict }) => hasNoFailedRule(verdict));
  const loads = knowledge.loadsOf(suitable.map(({ service }) => service.serviceId));
  const judged = verdicts.map(({ service, verdict }): JudgedService => {
    const { serviceId } = service;
    // Where a rule fails no terms are calculated: the record names the rule.
    const terms = hasNoFailedRule(verdict)
      ? orderTerms(context, service, loads.get(serviceId) ?? NO_LOAD)
      : [];
    return { serviceId, ...verdict, terms };
  });
  const possible = judged.filter(hasNoFailedRule);
  const open = possible.filter(({ failed }) => failed.length === 0);
  // No open service is left: closed ones are asked, and their soft deadline starts when they open.
  const eligible = open.length > 0 ? open : possible;
  const others = judged.filter((candidate) => !eligible.includes(candidate));
  return [...eligible.toSorted(compareTerms), ...others];
}

type JudgedService = Omit<Candidate, 'asked'>;
type Verdict = Pick<Candidate, 'failed' | 'unanswered'>;

/** No rule fails, except that the service is closed now. */
const hasNoFailedRule = ({ failed, unanswered }: Verdict): boolean =>
  unanswered.length === 0 && failed.every((code) => code === 'CLOSED');

/**
 * The only way to continue a referral without a place: the next acceptance on standby is confirmed; where there is none, the next
 * services are asked. Above the quota of emergencies one service is asked without a hold, and its acceptance waits for the desk.
 */
export const search: Step = (referral, knowledge) =>
  referral.stage.name === 'searching' || referral.stage.name === 'unplaced'
    ? runSteps(referral, knowledge, withdrawUnsafe(isOnStandby), confirmStandbyOrAsk)
    : [];

const isOnStandby = (offer: Offer): boolean => offer.status === 'standby';

const confirmStandbyOrAsk: Step = (referral, knowledge) => {
  const standby = referral.offers.find(isOnStandby);
  return standby && !isUnconfirmedEmergency(referral)
    ? requestConfirmation(standby.offerId)(referral, knowledge)
    : askNext(referral, knowledge);
};

/**
 * Whether this service could be asked for this referral now. A service that is only closed now counts, because it is asked where no open
 * one is left.
 */
export const isAskable = (
  referral: Referral,
  service: Service,
  { bases, pack, now }: Pick<Knowledge, 'bases' | 'pack' | 'now'>,
): boolean => hasNoFailedRule(judge({ referral, bases, pack, now }, service));

/**
 * Asks as many services as the urgency allows at once. If no eligible service is untried and none is being asked, the referral becomes
 * unplaced. If enough offers are open, it waits for an answer or a closing.
 */
const askNext: Step = (referral, knowledge) => {
  const room = remainingToAsk(referral, knowledge.pack);
  if (room <= 0) return [];
  const live = referral.offers.filter(isBeingAsked).length;
  const ranked = rank(referral, knowledge);
  const chosen = ranked.filter(hasNoFailedRule).slice(0, room);
  if (chosen.length === 0 && (live > 0 || referral.stage.name === 'unplaced')) return [];
  const decided: ReferralEvent = {
    type: 'SearchDecided',
    search: referral.searches + 1,
    order: orderNames,
    needVersion: referral.needVersion,
    ...recordOf(
      ranked.map((candidate) => ({ ...candidate, asked: chosen.includes(candidate) })),
      declinedServiceIdsOf(referral).concat(referral.offers.map(({ serviceId }) => serviceId)),
    ),
    at: knowledge.now,
  };
  return runSteps(
    referral,
    knowledge,
    emit(decided),
    ...(chosen.length > 0 ? chosen.map(askCandidate) : [becomeUnplaced]),
  );
};

/** How many more services may be asked now. */
export function remainingToAsk(referral: Referral, { urgencies }: CountryPack): number {
  if (isUnconfirmedEmergency(referral)) return referral.offers.some(isPending) ? 0 : 1;
  const { openAtOnce, maxOpen } = urgencies[referral.urgency];
  const live = referral.offers.filter(isBeingAsked).length;
  const answerable = referral.offers.filter(
    (offer) => isAnswerable(offer) || offer.status === 'holding',
  ).length;
  return Math.min(openAtOnce - live, maxOpen - answerable);
}

const askCandidate =
  ({ serviceId }: JudgedService): Step =>
  (referral, knowledge) =>
    askService(
      knowledge
        .servicesFor(referral.need.need)
        .find((one) => one.serviceId === serviceId) as Service,
    )(referral, knowledge);

/** Asking starts with a hold: nothing is offered that is not held. The only exception is an emergency above the quota. */
export const askService =
  (service: Service): Step =>
  (referral, knowledge) => {
    const asked = serviceAskedEvent(service, !isUnconfirmedEmergency(referral), knowledge);
    return runSteps(
      referral,
      knowledge,
      emit(asked),
      asked.hasHold ? emit() : offerWithoutHold(asked),
    );
  };

function serviceAskedEvent(
  service: Service,
  hasHold: boolean,
  { now, pack, mint }: Knowledge,
): ServiceAsked {
  return {
    type: 'ServiceAsked',
    offerId: mint() as OfferId,
    serviceId: service.serviceId,
    organisationId: service.organisationId,
    region: service.region,
    acceptance: service.acceptance,
    hasHold,
    until: after(now, pack.deadlines.holdingMs),
    providerHoldExpiresAt: after(now, pack.deadlines.providerHoldExpiryMs),
    at: now,
  };
}

type ServiceAsked = Extract<ReferralEvent, { type: 'ServiceAsked' }>;

const ON_DUTY = 'contact-duty-coordinator';

/** Where the person can sleep tonight, never in a region that they excluded; undefined where the need is no accommodation. */
function lastResortOf(
  { need, group, region, excludedRegions }: Need,
  pack: CountryPack,
): string | undefined {
  if (!pack.needs.some((one) => one.code === need && one.placeOfLastResort)) return undefined;
  if (excludedRegions.includes(region)) return ON_DUTY;
  const resort = pack.placesOfLastResort.find(
    (place) => place.group === group && place.region === region,
  );
  return resort?.place ?? ON_DUTY;
}

/** No service is left to ask: an alert is raised, and the place of last resort is named. */
const becomeUnplaced: Step = (referral, knowledge) => {
  const { pack, now } = knowledge;
  return runSteps(
    referral,
    knowledge,
    () => [
      {
        type: 'ReferralUnplaced',
        placeOfLastResort: lastResortOf(referral.need, pack),
        until: after(now, pack.deadlines.unplacedFirstRecheckMs),
        at: now,
      },
    ],
    raiseAlert('unplaced'),
  );
};
