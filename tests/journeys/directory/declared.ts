import type {
  DeclarePlacesRequest,
  GetPlacesResponse,
} from '@opennrm/contracts/opennrm/referral/v1/places.ts';
import { call } from '@opennrm/runtime';
import { type Person, type PersonOptions, recordAnswers, request } from '../person.ts';
import { registerService, type Service, type ServiceOptions } from '../service.ts';
import { untilOffered, untilState, type World } from '../world.ts';

type Declared = DeclarePlacesRequest['declared'];

/** An appointment book with places for one person at each of these times. */
export const bookOf = (...starts: readonly number[]): Declared => ({
  $case: 'appointments',
  value: { slots: starts.map((start) => ({ start: new Date(start), places: 1 })) },
});

export const caseloadOf = (limit: number, limitOfWorker = 0): Declared => ({
  $case: 'caseload',
  value: { limit, limitOfWorker },
});

/** A service of the directory that has declared its places. */
export const openService = (
  world: World,
  need: string,
  declared: Declared,
  options: ServiceOptions = {},
): Promise<Service> =>
  registerService(world, { need, ...options }, (serviceId, staff) =>
    call(world.places, 'declarePlaces', { serviceId, declared }, staff),
  );

export async function placesOf(
  world: World,
  { serviceId, as }: Service,
): Promise<GetPlacesResponse> {
  const page = { serviceId, pageSize: 200, pageToken: '' };
  return call(world.places, 'getPlaces', page, await as('provider-staff'));
}

/** A person for whom a service of the directory has accepted, and who agreed. The answers of the module come in the transaction of each call. */
export async function untilAgreed(
  world: World,
  service: Service,
  options: PersonOptions,
): Promise<Person & { readonly holdId: string }> {
  const person = await request(world, options);
  return { ...person, holdId: await acceptAndAgree(world, service, person) };
}

/** The service accepts its offer, and the person agrees. @returns the hold. */
export async function acceptAndAgree(
  world: World,
  service: Service,
  person: Person,
): Promise<string> {
  const { offerId } = await untilOffered(world, service);
  const staff = await service.as('provider-staff');
  await call(world.referral, 'acceptOffer', { offerId }, staff);
  await untilState(world, person.referralId, 'awaiting-person');
  await recordAnswers(world, person, true);
  return offerId;
}
