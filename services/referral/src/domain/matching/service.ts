import type { CountryPack, OpenHours, Opening } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { OfferId, OrganisationId, ServiceId } from '../need.ts';
import type { Acceptance } from '../offer.ts';

/** Which people a service accepts, as codes. */
export interface Criteria {
  readonly groups: readonly string[];
  readonly smallestParty: number;
  readonly largestParty: number;
  readonly accessibility: readonly string[];
  readonly languages: readonly string[];
  readonly care: readonly string[];
  readonly risksNotAccepted: readonly string[];
  readonly specialisms: readonly string[];
  readonly childLicence: boolean;
  readonly fundingRequired: boolean;
}

/** The last number of free units that `shelter-capacity` reported. It is a hint: only the hold decides. */
export interface CapacityHint {
  readonly free: number;
  readonly asOf: Instant;
  /** When the number last rose, and by the end of which hold. A referral is not woken by its own hold. */
  readonly increasedAt: Instant | undefined;
  readonly increasedByHold: OfferId | undefined;
}

/** A service that is accredited, asked and matched. */
export interface Service {
  readonly serviceId: ServiceId;
  readonly organisationId: OrganisationId;
  readonly need: string;
  readonly region: string;
  readonly criteria: Criteria;
  readonly acceptance: Acceptance;
  readonly openHours: readonly OpenHours[];
  readonly nightCover: boolean;
  /** Keeps its hours on public holidays too. */
  readonly openOnHolidays: boolean;
  readonly promisedAnswerMinutes: number;
  readonly accreditedUntil: Instant | undefined;
  readonly hint: CapacityHint | undefined;
}

/** How much a service is asked. */
export interface ServiceLoad {
  /** Offers that the service has not answered yet, to share the load fairly. */
  readonly openOffers: number;
  /** Offers that closed without an answer in the last days (`matching.md` §3). */
  readonly unansweredLately: number;
}

/** The load of a service without offers. */
export const NO_LOAD: ServiceLoad = { openOffers: 0, unansweredLately: 0 };

const NEVER: ReadonlySet<string> = new Set();

/** When a service answers. One with night cover is always open. */
export const openingOf = (
  {
    openHours,
    nightCover,
    openOnHolidays,
  }: Pick<Service, 'openHours' | 'nightCover' | 'openOnHolidays'>,
  { timeZone, serviceHolidays }: Pick<CountryPack, 'timeZone' | 'serviceHolidays'>,
): Opening => ({
  hours: nightCover ? [] : openHours,
  timeZone,
  closedOn: openOnHolidays ? NEVER : serviceHolidays,
});
