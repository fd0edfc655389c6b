import { randomUUID } from 'node:crypto';
import { call } from '@opennrm/runtime';
import { registerService, type Service, type ServiceOptions } from './service.ts';
import type { World } from './world.ts';

/** A provider with one service at one site. */
export interface Shelter extends Service {
  readonly siteId: string;
}

export interface ShelterOptions extends ServiceOptions {
  readonly beds?: number;
  readonly addressLine?: string;
}

/** Limit for sending a site again until `shelter-capacity` knows the organisation of its service. */
const UNTIL_KNOWN_MS = 40_000;

/** Registers organisation, service and site as its own staff would. The accreditation desk accredits the service. */
export async function openShelter(world: World, options: ShelterOptions = {}): Promise<Shelter> {
  const siteId = randomUUID();
  const service = await registerService(world, options, async (serviceId, staff) =>
    registerSite(world, staff, { serviceId, siteId }, options),
  );
  return { ...service, siteId };
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
