import type { CountryPack } from '@opennrm/country';
import { accept, type Decision, refuse } from '@opennrm/runtime/decision';
import { countsTowardsQuota } from './emergency-quota.ts';
import type { ReferralEvent } from './events.ts';
import type { RuleCode } from './matching/candidate.ts';
import { failedSafetyRule } from './matching/eligibility.ts';
import type { ServiceId } from './need.ts';
import { isPending } from './offer.ts';
import { isOver, isUnconfirmedEmergency, type Referral } from './referral.ts';
import { askService, search } from './search.ts';
import { emit, type Knowledge, runSteps, type Step } from './steps.ts';

export const overrideActions = [
  'ask-service',
  'open-another-round',
  'restart-search',
  'end',
] as const;
export type OverrideAction = (typeof overrideActions)[number];

export type OverrideRefusal =
  | 'already-over'
  | 'unknown-service'
  | 'not-accredited'
  | 'not-covered-by-basis'
  | 'group-not-accepted'
  | 'age-not-accepted'
  | 'no-child-licence'
  | 'excluded-area'
  | 'service-already-asked'
  | 'not-searching'
  | 'waiting-for-basis'
  | 'waiting-for-desk';

export interface Override {
  readonly action: OverrideAction;
  readonly code: string;
  readonly serviceId: string | undefined;
}

/**
 * Whether only the coordination desk may do this: ask a service by name, beyond `maxOpen`, for an emergency for which only the caller
 * vouches. Each service is asked with a hold, so a stolen token could otherwise hold a bed at every service with one emergency within
 * the quota.
 */
export const isForDeskOnly = (
  referral: Referral,
  { action }: Override,
  { urgencies }: CountryPack,
): boolean =>
  action === 'ask-service' &&
  countsTowardsQuota(referral) &&
  referral.offers.filter(isPending).length >= urgencies[referral.urgency].maxOpen;

/** The refusal of a request to ask a service by name, for each safety rule. */
const refusalOf: Partial<Record<RuleCode, OverrideRefusal>> = {
  GROUP: 'group-not-accepted',
  AGE: 'age-not-accepted',
  CHILD_LICENCE: 'no-child-licence',
  EXCLUDED_AREA: 'excluded-area',
  BASIS: 'not-covered-by-basis',
  NOT_ACCREDITED: 'not-accredited',
};

/** The coordinator decides instead of the rule, with a code. Safety rules are never overridden: they protect the person, or are law. */
export function override(
  referral: Referral,
  { action, code, serviceId }: Override,
  knowledge: Knowledge,
): Decision<ReferralEvent, OverrideRefusal> {
  if (isOver(referral)) return refuse('already-over');
  if (referral.stage.name === 'waiting-for-basis' && action !== 'end')
    return refuse('waiting-for-basis');
  // The desk must first confirm the emergency. After that the coordinator may override rules.
  if (isUnconfirmedEmergency(referral) && action !== 'end') return refuse('waiting-for-desk');
  const overriddenEvent: ReferralEvent = {
    type: 'RuleOverridden',
    action,
    code,
    serviceId: serviceId as ServiceId | undefined,
  };
  const searching = referral.stage.name === 'searching' || referral.stage.name === 'unplaced';
  switch (action) {
    case 'ask-service':
      return searching
        ? askByName(referral, overriddenEvent, serviceId, knowledge)
        : refuse('not-searching');
    case 'open-another-round':
      if (!searching) return refuse('not-searching');
      return accept(
        ...runSteps(referral, knowledge, emit(overriddenEvent, { type: 'RoundOpened' }), search),
      );
    case 'restart-search':
      return accept(
        ...runSteps(
          referral,
          knowledge,
          releaseCurrentPlace(code),
          emit(overriddenEvent, { type: 'RoundOpened' }),
          search,
        ),
      );
    case 'end':
      return accept<ReferralEvent>(overriddenEvent, { type: 'ReferralEnded', code });
  }
}

function askByName(
  referral: Referral,
  overriddenEvent: ReferralEvent,
  serviceId: string | undefined,
  knowledge: Knowledge,
): Decision<ReferralEvent, OverrideRefusal> {
  const { bases, pack, now } = knowledge;
  const service = knowledge.findService(serviceId ?? '');
  if (!service) return refuse('unknown-service', 'service_id');
  const failed = failedSafetyRule({ referral, bases, pack, now }, service);
  if (failed) return refuse(refusalOf[failed] ?? 'not-accredited', 'service_id');
  const pending = ['holding', 'open', 'softened', 'standby'];
  if (
    referral.offers.some((offer) => offer.serviceId === serviceId && pending.includes(offer.status))
  )
    return refuse('service-already-asked', 'service_id');
  return accept(...runSteps(referral, knowledge, emit(overriddenEvent), askService(service)));
}

/**
 * A place that the person, or the whole party, does not want is barred. A place that is released for another reason may be asked for
 * again.
 */
const releaseCurrentPlace =
  (code: string): Step =>
  ({ stage }, { now }) => {
    if (!('offerId' in stage)) return [];
    const { offerId } = stage;
    return code === 'wish-of-the-person'
      ? [{ type: 'PersonDeclined', offerId, code, at: now }]
      : [{ type: 'OfferWithdrawn', offerId, code: undefined, at: now }];
  };
