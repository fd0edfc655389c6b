import { Metadata } from '@grpc/grpc-js';
import type { WatchOpenOffersResponse } from '@opennrm/contracts/opennrm/referral/v1/offer.ts';
import { expect, it } from 'vitest';
import { request } from './person.ts';
import { openShelter } from './shelter.ts';
import { withdraw } from './withdraw.ts';
import { eventually, type Organisation, untilOffered, type World } from './world.ts';

export function liveOffers(world: () => World): void {
  it("the stream of a provider's open offers sends all of them first, then only new, changed and closed ones", async () => {
    const shelter = await openShelter(world());
    const first = await request(world());
    const { offerId } = await untilOffered(world(), shelter);
    const { seen, stop } = await openOfferStream(world(), shelter);
    await eventually(() => expect(seen[0]?.changed.map((one) => one.offerId)).toEqual([offerId]));
    await request(world());
    await eventually(() =>
      expect(
        seen
          .flatMap(({ changed }) => changed.map((one) => one.offerId))
          .filter((id) => id !== offerId),
      ).toHaveLength(1),
    );
    await withdraw(world(), first.referralId);
    await eventually(() => expect(seen.flatMap((one) => one.removedOfferIds)).toEqual([offerId]));
    stop();
  });
}

/** Opens the live list of a provider's offers. @returns the messages so far, and a function that closes it. */
export async function openOfferStream(world: World, shelter: Organisation) {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${(await shelter.as('provider-staff')).token}`);
  const stream = world.referral.watchOpenOffers({}, metadata);
  const seen: WatchOpenOffersResponse[] = [];
  stream.on('data', (message: WatchOpenOffersResponse) => seen.push(message));
  stream.on('error', () => undefined); // our own cancel is an error here
  return { seen, stop: () => stream.cancel() };
}
