import type { Call } from '@opennrm/runtime';
import type { Instant } from '@opennrm/runtime/decision';
import type { Declared } from '../domain/places/declared.ts';
import type { Places } from '../domain/places/places.ts';
import type { Referral } from '../domain/referral.ts';
import type { LoadedService } from '../domain/saga.fixture.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { places } from '../outbound/places.ts';
import { type Asked, callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { accept } from './offers.ts';
import * as calls from './places.ts';
import { personAnswered } from './requests.ts';

/** `referral` on a real PostgreSQL with services of the directory. */
export async function directoryWorld() {
  const world = await referralDatabase();
  const staffOf = (one: LoadedService, at: Instant = monday): Call =>
    callOf(at, 'provider-staff', one.organisationId);

  /** From now on only these services of the directory are accredited; each has declared the same. */
  async function setServices(
    count: number,
    needCode: string,
    declared: Declared,
    regions?: string[],
  ): Promise<LoadedService[]> {
    const services = await world.setShelters(count, needCode, regions);
    for (const one of services)
      await world.inTransaction((tx) =>
        calls.declare(tx, pack, { serviceId: one.serviceId, declared }, staffOf(one)),
      );
    return services;
  }

  async function placesOf({ serviceId }: LoadedService): Promise<Places> {
    const state = await places.find(world.database, serviceId);
    if (!state) throw new Error('the service has declared nothing');
    return state;
  }

  /** The first open offer of a referral: the module answers in the transaction of the request. */
  async function openOffer({ referralId }: Asked) {
    const { offers } = await world.stateOf(referralId);
    const offer = offers.find(({ status }) => status === 'open');
    if (!offer) throw new Error('no offer is open');
    return offer;
  }

  /** The service of the first open offer accepts, and each member agrees. @returns the hold and its service. */
  async function agree(asked: Asked, at: Instant = monday) {
    const { offerId, organisationId, serviceId } = await openOffer(asked);
    const staff = callOf(at, 'provider-staff', organisationId);
    await world.inTransaction((tx) => accept(tx, pack, offerId, staff));
    const { party } = await world.stateOf(asked.referralId);
    for (const { memberId } of party) {
      const answer = { offerId, memberId, agrees: true, code: undefined, childViewHeard: true };
      const by = { ...asked.call, at };
      await world.inTransaction((tx) => personAnswered(tx, pack, asked.referralId, answer, by));
    }
    return { holdId: offerId as string, serviceId, staff };
  }

  return { ...world, setServices, staffOf, placesOf, openOffer, agree };
}

export type DirectoryWorld = Awaited<ReturnType<typeof directoryWorld>>;

/** The holds that the services keep, and those that the referrals believe to be kept. */
export async function holdsOf(
  world: DirectoryWorld,
  services: readonly LoadedService[],
  referrals: readonly Referral[],
): Promise<{ readonly kept: readonly string[]; readonly believed: readonly string[] }> {
  const states = await Promise.all(services.map((one) => world.placesOf(one)));
  const kept = states.flatMap(({ holds }) => holds.map(({ holdId }): string => holdId));
  const believed = referrals.flatMap(({ offers }) =>
    offers.filter(({ hasHold }) => hasHold).map(({ offerId }): string => offerId),
  );
  return { kept: kept.toSorted(), believed: believed.toSorted() };
}
