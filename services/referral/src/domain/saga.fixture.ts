import type { CountryPack } from '@opennrm/country';
import { loadCountryPack } from '@opennrm/country/load';
import { after, type Decision, type Instant, instant } from '@opennrm/runtime/decision';
import type { ReferralEvent } from './events.ts';
import { NO_LOAD, type Service, type ServiceLoad } from './matching/service.ts';
import type {
  CaseReference,
  MemberId,
  Need,
  OrganisationId,
  ReferralId,
  ServiceId,
  Urgency,
} from './need.ts';
import type { Acceptance } from './offer.ts';
import { evolve, type Referral } from './referral.ts';
import { requestReferral } from './request.ts';
import type { Knowledge } from './steps.ts';

export const pack: CountryPack = await loadCountryPack('infra/countries/sample');
export const monday: Instant = instant(Date.UTC(2026, 0, 5, 9));

let minted = 0;
/** A UUID that is new at each call. */
export const mint = (): string => `00000000-0000-4000-8000-${String(++minted).padStart(12, '0')}`;

/** A service, with its load. */
export type LoadedService = Service & ServiceLoad;

export function service(
  acceptance: Acceptance,
  change: Partial<LoadedService> = {},
): LoadedService {
  return {
    serviceId: mint() as ServiceId,
    organisationId: mint() as OrganisationId,
    need: 'safe-accommodation',
    region: 'harbour',
    acceptance,
    openHours: [],
    nightCover: true,
    openOnHolidays: false,
    promisedAnswerMinutes: 60,
    accreditedUntil: after(monday, 1e12),
    hint: undefined,
    ...NO_LOAD,
    criteria: {
      groups: ['women', 'family'],
      smallestParty: 1,
      largestParty: 6,
      accessibility: [],
      languages: [],
      care: [],
      risksNotAccepted: [],
      specialisms: [],
      childLicence: true,
      fundingRequired: false,
    },
    ...change,
  };
}

export const need: Need = {
  need: 'safe-accommodation',
  group: 'women',
  region: 'harbour',
  whereNow: 'police',
  excludedRegions: ['islands'],
  languages: [],
  accessibility: [],
  care: [],
  risks: [],
  medicalUrgency: undefined,
  funding: undefined,
  wishes: { regions: [], languages: [], specialisms: [] },
};

export const knowledgeAt = (
  now: Instant,
  services: readonly (Service & Partial<ServiceLoad>)[],
): Knowledge => ({
  now,
  pack,
  mint,
  servicesFor: (code) => services.filter((one) => one.need === code),
  loadsOf: (ids) =>
    new Map(
      services
        .filter(({ serviceId }) => ids.includes(serviceId))
        .map((one) => [one.serviceId, { ...NO_LOAD, ...one }]),
    ),
  findService: (serviceId) => services.find((one) => one.serviceId === serviceId),
  bases: new Map(),
});

/** The events of a request. Its basis code suffices only in an emergency, which is the default urgency. */
export function requested(
  knowledge: Knowledge,
  options: { urgency?: Urgency; members?: number } = {},
): ReferralEvent[] {
  const decision = requestReferral(
    {
      referralId: mint() as ReferralId,
      ownerOrg: mint() as OrganisationId,
      requestedBy: mint(),
      urgency: options.urgency ?? 'emergency',
      need,
      basis: 'vital-interest',
      foundTogether: undefined,
      party: Array.from({ length: options.members ?? 1 }, () => ({
        memberId: mint() as MemberId,
        caseReference: mint() as CaseReference,
        underEighteen: 'no' as const,
      })),
    },
    knowledge,
    { aboveQuota: false, declinedServiceIds: [] },
  );
  return eventsOf(decision);
}

export const eventsOf = (decision: Decision<ReferralEvent, string>): ReferralEvent[] =>
  decision.kind === 'accepted' ? [...decision.events] : [];

/** The state after some events, as a database would return it: a value that JSON cannot hold is lost. */
export const stateAfter = (events: readonly ReferralEvent[], from?: Referral): Referral => {
  const state = events.reduce<Referral | undefined>(evolve, from);
  return JSON.parse(JSON.stringify(state)) as Referral;
};
