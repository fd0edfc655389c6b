import type { CountryPack, OpenHours, Opening } from '@opennrm/country';
import type { Instant } from '@opennrm/runtime/decision';
import type { OfferId, OrganisationId, ServiceId } from '../need.ts';
import type { Acceptance } from '../offer.ts';

/** Whom a service accepts, as codes. */
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

/** The last word of `shelter-capacity` on free units: a hint, since the hold is the truth. */
export interface CapacityHint {
  readonly free: number;
  readonly asOf: Instant;
  /** When the number last rose, and by the end of which hold (a referral is not woken by its own). */
  readonly increasedAt: Instant | undefined;
  readonly increasedByHold: OfferId | undefined;
}

/** What is accredited, asked and matched. */
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
  /** Offers it has not answered yet, for fairness of load. */
  readonly openOffers: number;
  /** Offers that closed without an answer in the last days (`matching.md` §3). */
  readonly unansweredLately: number;
}

const NEVER: ReadonlySet<string> = new Set();

/** When a service answers; one with night cover always. */
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
