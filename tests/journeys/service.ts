import { randomUUID } from 'node:crypto';
import { call } from '@opennrm/runtime';
import type { Organisation, World } from './world.ts';

/** An organisation with one service. */
export interface Service extends Organisation {
  readonly serviceId: string;
}

export interface ServiceOptions {
  /** A bed unless another need is named. */
  readonly need?: string;
  readonly acceptance?: 'by-offer' | 'direct' | 'duty';
  readonly groups?: readonly string[];
  readonly region?: string;
  readonly largestParty?: number;
  readonly nightCover?: boolean;
}

/**
 * Registers organisation and service as its own staff would. The accreditation desk accredits the service, after `declare` has declared what it
 * has.
 */
export async function registerService(
  world: World,
  options: ServiceOptions,
  declare: (serviceId: string, staff: { readonly token: string }) => Promise<unknown>,
): Promise<Service> {
  const organisation = world.organisation();
  const serviceId = randomUUID();
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
      need: options.need ?? 'safe-accommodation',
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
  await declare(serviceId, staff);
  const accreditor = await world.accreditors.as('accreditor');
  await call(world.directory, 'accredit', { serviceId, until: '2030-01-01' }, accreditor);
  world.onJourneyEnd(() =>
    call(world.directory, 'suspend', { serviceId, code: 'own-request' }, accreditor),
  );
  return { ...organisation, serviceId };
}
