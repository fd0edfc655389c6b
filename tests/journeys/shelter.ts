import { randomUUID } from 'node:crypto';
import { call } from '@opennrm/runtime';
import type { Organisation, World } from './world.ts';

/** A provider with one service at one site. */
export interface Shelter extends Organisation {
  readonly serviceId: string;
  readonly siteId: string;
}

export interface ShelterOptions {
  readonly beds?: number;
  readonly acceptance?: 'by-offer' | 'direct' | 'duty';
  readonly groups?: readonly string[];
  readonly region?: string;
  readonly largestParty?: number;
  readonly nightCover?: boolean;
  readonly addressLine?: string;
}

/** Limit for sending a site again until `shelter-capacity` knows the organisation of its service. */
const UNTIL_KNOWN_MS = 40_000;

/** Registers organisation, service and site as its own staff would. The accreditation desk accredits the service. */
export async function openShelter(world: World, options: ShelterOptions = {}): Promise<Shelter> {
  const organisation = world.organisation();
  const [serviceId, siteId] = [randomUUID(), randomUUID()];
  const staff = await organisation.as('provider-staff');
  await call(
    world.directory,
    'registerOrganisation',
    { organisationId: organisation.id, kind: 'non-governmental' },
    staff,
  );
  await call(
    world.directory,
    'registerService',
    {
      serviceId,
      organisationId: organisation.id,
      need: 'safe-accommodation',
      region: options.region ?? 'harbour',
      criteria: {
        groups: [...(options.groups ?? ['women'])],
        smallestParty: 1,
        largestParty: options.largestParty ?? 1,
        accessibility: [],
        languages: ['en'],
        care: [],
        risksNotAccepted: [],
        specialisms: [],
        childLicence: true,
        fundingRequired: false,
      },
      acceptance: options.acceptance ?? 'by-offer',
      openHours: [],
      nightCover: options.nightCover ?? true,
      openOnHolidays: false,
      promisedAnswerMinutes: 60,
    },
    staff,
  );
  await registerSite(world, staff, { serviceId, siteId }, options);
  const accreditor = await world.accreditors.as('accreditor');
  await call(world.directory, 'accredit', { serviceId, until: '2030-01-01' }, accreditor);
  world.onJourneyEnd(() =>
    call(world.directory, 'suspend', { serviceId, code: 'own-request' }, accreditor),
  );
  return { ...organisation, serviceId, siteId };
}

async function registerSite(
  world: World,
  staff: { readonly token: string },
  ids: { serviceId: string; siteId: string },
  { beds = 2, addressLine }: ShelterOptions,
) {
  const unitIds = Array.from({ length: beds }, () => randomUUID());
  const address = {
    addressLine: addressLine ?? 'Synthetic Lane 1',
    city: 'Testville',
    postalCode: 'X1',
    arrivalInstructions: 'ring twice',
  };
  const rooms = [{ roomId: randomUUID(), attributes: [], groups: [], unitIds }];
  const site = { ...ids, unitKind: 'bed', rooms, address };
  await call(world.shelters, 'registerSite', site, { ...staff, deadlineMs: UNTIL_KNOWN_MS });
}
