import { randomUUID } from 'node:crypto';
import { type ServiceError, status } from '@grpc/grpc-js';
import { call, refusalOf } from '@opennrm/runtime';
import { expect, it } from 'vitest';
import { arrange, confirmedOffer, readAddress, recordAnswers, request } from './person.ts';
import { openShelter } from './shelter.ts';
import { readReferral, untilOffered, untilState, type World } from './world.ts';

const TRAP = {
  addressLine: '1 Trap Street',
  city: 'Testville',
  postalCode: 'X1',
  arrivalInstructions: 'Synthetic',
};

const failureOf = (work: Promise<unknown>): Promise<ServiceError | undefined> =>
  work.then(
    () => undefined,
    (error: ServiceError) => error,
  );

export function aStrangerRegistersASite(world: () => World): void {
  const registers = async (serviceId: string, deadlineMs?: number) => {
    const stranger = await world().organisation().as('provider-staff');
    const site = { siteId: randomUUID(), serviceId, unitKind: 'bed', rooms: [], address: TRAP };
    return failureOf(
      call(world().shelters, 'registerSite', site, {
        ...stranger,
        ...(deadlineMs && { deadlineMs }),
      }),
    );
  };

  it("a site for another organisation's service is refused, and the escort reads the address of the right provider", async () => {
    const shelter = await openShelter(world(), { addressLine: 'Synthetic Lane 7' });
    const refused = await registers(shelter.serviceId);
    expect([refused?.code, refused && refusalOf(refused)]).toEqual([status.NOT_FOUND, 'not-found']);
    const person = await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    await call(world().referral, 'acceptOffer', { offerId }, await shelter.as('provider-staff'));
    await untilState(world(), person.referralId, 'awaiting-person');
    await recordAnswers(world(), person, true);
    await untilState(world(), person.referralId, 'agreed');
    await arrange(world(), person);
    const holdId = confirmedOffer(await readReferral(world(), person.referralId));
    expect(await readAddress(world(), holdId)).toBe('Synthetic Lane 7');
  });

  it('a site for a service that nobody has registered is refused as not known yet, so that the call may be sent again', async () => {
    const refused = await registers(randomUUID(), 5_000);
    expect([refused?.code, refused && refusalOf(refused)]).toEqual([
      status.UNAVAILABLE,
      'not-known-yet',
    ]);
  });
}
