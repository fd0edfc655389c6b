import type { RegisterServiceRequest } from '@opennrm/contracts/opennrm/referral/v1/directory.ts';
import type {
  DeclareCountRequest,
  RegisterSiteRequest,
  Room,
} from '@opennrm/contracts/opennrm/shelter_capacity/v1/site.ts';
import { v5 as uuidFrom } from 'uuid';
import {
  dateOf,
  firstOf,
  type HsdsLocation,
  type HsdsOrganization,
  type HsdsService,
  valuesOf,
} from './hsds.ts';

/** One organisation in two halves: services go to `referral`, sites and counts to `shelter-capacity`. The first half has no address. */
export interface Split {
  readonly organisation: { readonly organisationId: string; readonly kind: string };
  readonly services: readonly RegisterServiceRequest[];
  readonly sites: readonly RegisterSiteRequest[];
  readonly counts: readonly DeclareCountRequest[];
  /** Services that are not active in the file, with their HSDS status. */
  readonly notActive: readonly { readonly serviceId: string; readonly status: string }[];
  readonly dates: FileDates;
}

/** When records of the file were last changed or checked, by service and by site, without the records that have no date. */
export interface FileDates {
  readonly services: ReadonlyMap<string, Date>;
  readonly sites: ReadonlyMap<string, Date>;
  readonly counts: ReadonlyMap<string, Date>;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const ACCOMMODATION = 'safe-accommodation';

/** Splits an HSDS record into two halves by the service that may know them. Only active services are imported. */
export function split(organization: HsdsOrganization): Split {
  const active = organization.services.filter((service) => service.status === 'active');
  const placed = active
    .filter((service) => needOf(service) === ACCOMMODATION)
    .flatMap((service) =>
      service.service_at_locations.map(({ location }) => ({ service, location })),
    );
  return {
    organisation: {
      organisationId: organization.id,
      kind: firstOf(organization, 'kind', 'non-governmental'),
    },
    services: active.map((service) => serviceOf(organization.id, service)),
    sites: placed.map(({ service, location }) => siteOf(service, location)),
    counts: placed.flatMap(({ service, location }) => countOf(service, location)),
    notActive: organization.services
      .filter((service) => service.status !== 'active')
      .map((service) => ({ serviceId: service.id, status: service.status })),
    dates: {
      services: datesBy(organization.services, (service) => service.id, dateOf),
      sites: datesBy(
        placed,
        ({ location }) => location.id,
        ({ location }) => dateOf(location),
      ),
      counts: datesBy(
        placed,
        ({ location }) => location.id,
        ({ service }) => service.service_capacity[0]?.updated,
      ),
    },
  };
}

function datesBy<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  read: (item: Item) => Date | undefined,
): ReadonlyMap<string, Date> {
  const dated = new Map<string, Date>();
  for (const item of items) {
    const date = read(item);
    if (date) dated.set(idOf(item), date);
  }
  return dated;
}

/** The active services of a directory, each with its organisation. */
export const servicesOf = (
  organizations: readonly HsdsOrganization[],
): { readonly serviceId: string; readonly organisationId: string }[] =>
  organizations.flatMap((one) =>
    split(one).services.map(({ serviceId, organisationId }) => ({ serviceId, organisationId })),
  );

const needOf = (service: HsdsService): string => firstOf(service, 'need', ACCOMMODATION);

function serviceOf(organisationId: string, service: HsdsService): RegisterServiceRequest {
  const [smallest = '1', largest = smallest] = firstOf(service, 'party', '1').split('-');
  return {
    serviceId: service.id,
    organisationId,
    need: needOf(service),
    region: firstOf(service, 'region', ''),
    criteria: {
      groups: valuesOf(service, 'group'),
      smallestParty: Number(smallest),
      largestParty: Number(largest),
      accessibility: valuesOf(service, 'accessibility'),
      languages: service.languages.map(({ code }) => code),
      care: valuesOf(service, 'care'),
      risksNotAccepted: valuesOf(service, 'risk-not-accepted'),
      specialisms: valuesOf(service, 'specialism'),
      childLicence: firstOf(service, 'child-licence', 'no') === 'yes',
      fundingRequired: firstOf(service, 'funding-required', 'no') === 'yes',
    },
    acceptance: firstOf(service, 'acceptance', 'by-offer'),
    nightCover: firstOf(service, 'night-cover', 'no') === 'yes',
    openOnHolidays: firstOf(service, 'open-on-holidays', 'no') === 'yes',
    promisedAnswerMinutes: Number(firstOf(service, 'answer-within-minutes', '240')),
    openHours: service.schedules.flatMap(({ byday, opens_at: opens, closes_at: closes }) =>
      byday.split(',').map((day) => ({ weekday: WEEKDAYS.indexOf(day) + 1, opens, closes })),
    ),
  };
}

function siteOf(service: HsdsService, location: HsdsLocation): RegisterSiteRequest {
  const [address] = location.addresses;
  return {
    siteId: location.id,
    serviceId: service.id,
    unitKind: 'bed',
    rooms: valuesOf(location, 'room').map((room, nth) => roomOf(location.id, nth, room)),
    address: {
      addressLine: address?.address_1 ?? '',
      city: address?.city ?? '',
      postalCode: address?.postal_code ?? '',
      arrivalInstructions: location.description,
    },
  };
}

/** `beds=2;attributes=step-free,own-room;groups=women`. The same export gives the same ids, so it can be imported again. */
function roomOf(locationId: string, nth: number, text: string): Room {
  const parts = new Map(text.split(';').map((part) => part.split('=') as [string, string]));
  const listOf = (name: string): string[] =>
    (parts.get(name) ?? '').split(',').filter((one) => one !== '');
  const unitIds = Array.from({ length: Number(parts.get('beds') ?? '1') }, (_, bed) =>
    uuidFrom(`room ${nth} bed ${bed}`, locationId),
  );
  return {
    roomId: uuidFrom(`room ${nth}`, locationId),
    attributes: listOf('attributes'),
    groups: listOf('groups'),
    unitIds,
  };
}

/** A location without rooms declares its number of units. Units that are not available count as occupied by people whom OpenNRM does not know. */
function countOf(service: HsdsService, location: HsdsLocation): DeclareCountRequest[] {
  const [capacity] = service.service_capacity;
  if (!capacity || valuesOf(location, 'room').length > 0) return [];
  const { maximum: units, available } = capacity;
  return [{ siteId: location.id, units, occupiedByOthers: Math.max(0, units - available) }];
}
