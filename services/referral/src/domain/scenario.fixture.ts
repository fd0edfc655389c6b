import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { acceptOffer } from './answers.ts';
import { reviewBasis } from './basis.ts';
import { unitConfirmed } from './confirming.ts';
import { timePasses } from './deadlines.ts';
import { type Decide, decide } from './decide.ts';
import type { ReferralEvent } from './events.ts';
import { arrangeJourney } from './journey.ts';
import { type CaseBasis, withAge } from './matching/basis.ts';
import type { Service } from './matching/service.ts';
import type {
  CaseReference,
  MemberId,
  OrganisationId,
  ReferralId,
  UnderEighteen,
  Urgency,
} from './need.ts';
import { unitHeld } from './offering.ts';
import { recordPersonAnswer } from './person.ts';
import { caseReferences, type Referral } from './referral.ts';
import { requestReferral } from './request.ts';
import { eventsOf, knowledgeAt, mint, monday, need, stateAfter } from './saga.fixture.ts';

/** A referral in progress, and the effect of the last decision. */
export interface Scenario {
  readonly referral: Referral;
  readonly now: Instant;
  readonly services: readonly Service[];
  readonly bases: ReadonlyMap<string, CaseBasis>;
  readonly events: readonly ReferralEvent[];
  readonly types: readonly string[];
  /** Every event since the beginning. */
  readonly history: readonly ReferralEvent[];
  /** The refusal, or the reason why the input was ignored. */
  readonly outcome: string | undefined;
}

interface ScenarioOptions {
  readonly urgency?: Urgency;
  /** The code of the need: a place to sleep unless another is named. */
  readonly needCode?: string;
  readonly party?: readonly UnderEighteen[];
  readonly basis?: string;
  readonly known?: readonly CaseBasis[];
  /** The emergency is above the quota, so that the desk must confirm it. */
  readonly aboveQuota?: boolean;
}

export const references = [1, 2, 3].map(
  (nth) => `00000000-0000-4000-9000-00000000000${nth}`,
) as CaseReference[];

const permission = {
  permissionId: 'p',
  purpose: 'accommodation',
  validFrom: monday,
  validUntil: after(monday, 1e12),
};

/** What the vault announced: this person permits any shelter to be asked. */
export const withPermission = (nth = 0): CaseBasis => ({
  caseReference: references[nth] as CaseReference,
  registered: true,
  decidedPurposes: ['accommodation'],
  bases: [],
  apartIds: [],
  permissions: [
    {
      ...permission,
      receivers: {
        excludedRegions: [],
        excludedOrganisationIds: [],
        organisationIds: [],
        serviceClasses: ['safe-accommodation'],
      },
    },
  ],
});

export const asMap = (known: readonly CaseBasis[]): ReadonlyMap<string, CaseBasis> =>
  new Map(known.map((one) => [one.caseReference, one]));

export function requestScenario(
  services: readonly Service[],
  beginning: ScenarioOptions = {},
): Scenario {
  const { urgency = 'emergency', party = ['no'], known = [], needCode = need.need } = beginning;
  const bases = asMap(known);
  const request = {
    referralId: mint() as ReferralId,
    ownerOrg: mint() as OrganisationId,
    requestedBy: mint(),
    urgency,
    need: { ...need, need: needCode },
    basis: known.length > 0 ? beginning.basis : 'vital-interest',
    foundTogether: undefined,
    party: party.map((underEighteen, nth) => ({
      memberId: mint() as MemberId,
      caseReference: references[nth] as CaseReference,
      underEighteen,
    })),
  };
  const events = eventsOf(
    requestReferral(
      request,
      { ...knowledgeAt(monday, services), bases },
      { aboveQuota: beginning.aboveQuota === true, declinedServiceIds: [] },
    ),
  );
  const types = events.map((event) => event.type);
  return {
    referral: stateAfter(events),
    now: monday,
    services,
    bases,
    events,
    types,
    history: events,
    outcome: undefined,
  };
}

/** Makes a decision after some minutes, without applying the deadlines that fell due in between. */
export function when(scenario: Scenario, doing: Decide, afterMinutes = 0): Scenario {
  const now = after(scenario.now, minutes(afterMinutes));
  const decision = decide(
    scenario.referral,
    { ...knowledgeAt(now, scenario.services), bases: scenario.bases },
    doing,
  );
  const events = eventsOf(decision);
  const outcome =
    decision.kind === 'refused'
      ? decision.refusal
      : decision.kind === 'ignored'
        ? decision.reason
        : undefined;
  const referral = events.length > 0 ? stateAfter(events, scenario.referral) : scenario.referral;
  const history = [...scenario.history, ...events];
  return {
    ...scenario,
    referral,
    now,
    events,
    types: events.map((event) => event.type),
    history,
    outcome,
  };
}

export const minutesPass = (scenario: Scenario, minutesOn: number): Scenario =>
  when(scenario, timePasses, minutesOn);

export const offerIdOf = ({ referral }: Scenario, nth = 0): string =>
  referral.offers[nth]?.offerId ?? 'no such offer';
export const memberIdOf = ({ referral }: Scenario, nth = 0): string =>
  referral.party[nth]?.memberId ?? 'nobody';
export const statuses = ({ referral }: Scenario): string[] =>
  referral.offers.map((offer) => offer.status);
export const alertsOf = ({ referral }: Scenario): string[] =>
  referral.alerts.map((alert) => alert.code);

export const providerHolds = (scenario: Scenario, nth = 0): Scenario =>
  when(scenario, (r, k) => unitHeld(r, offerIdOf(scenario, nth), k));
export const providerAccepts = (scenario: Scenario, nth = 0): Scenario =>
  when(scenario, (r, k) => acceptOffer(r, offerIdOf(scenario, nth), k));
export const providerConfirms = (scenario: Scenario, nth = 0): Scenario =>
  when(scenario, (r, k) => unitConfirmed(r, offerIdOf(scenario, nth), k));

export const personAnswers = (
  scenario: Scenario,
  answer: boolean,
  member = 0,
  childViewHeard = true,
  nth = 0,
): Scenario =>
  when(scenario, (r, k) =>
    recordPersonAnswer(
      r,
      {
        offerId: offerIdOf(scenario, nth),
        memberId: memberIdOf(scenario, member),
        agrees: answer,
        code: answer ? undefined : 'area',
        childViewHeard,
      },
      k,
    ),
  );

export const journeyArranged = (scenario: Scenario, collectIn = 30, arriveIn = 90): Scenario =>
  when(scenario, (r, k) =>
    arrangeJourney(
      r,
      {
        escortId: 'an escort',
        collectAt: after(k.now, minutes(collectIn)),
        arriveAt: after(k.now, minutes(arriveIn)),
      },
      k,
    ),
  );

/** Two shelters hold a bed and are asked; the first has accepted and confirmed it. */
export const awaitingPerson = (
  services: readonly Service[],
  beginning?: ScenarioOptions,
): Scenario =>
  providerConfirms(
    providerAccepts(providerHolds(providerHolds(requestScenario(services, beginning)), 1)),
  );

/** The vault announces an age of the first person of the party. */
export function vaultRecordsAge(
  scenario: Scenario,
  underEighteen: UnderEighteen,
  at = scenario.now,
): Scenario {
  const [reference = references[0] as CaseReference] = caseReferences(scenario.referral);
  const known = scenario.bases.get(reference) ?? {
    caseReference: reference,
    registered: false,
    decidedPurposes: [],
    permissions: [],
    bases: [],
    apartIds: [],
  };
  const bases = new Map(scenario.bases).set(reference, withAge(known, { underEighteen, at }));
  return when({ ...scenario, bases }, reviewBasis);
}
