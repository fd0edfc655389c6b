import { after, hours, type Instant } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, expect } from 'vitest';
import { recordPersonAnswer } from '../domain/person.ts';
import type { Declared } from '../domain/places/declared.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { places as placesStore } from '../outbound/places.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';
import { type DirectoryService, requestOfDirectory } from './directory-provider.fixture.ts';
import * as offers from './offers.ts';

export const inHours = (n: number): Instant => after(monday, hours(n));

/** An appointment book with a place for one person at each of these hours. */
export const book = (...inHour: readonly number[]): Declared => ({
  kind: 'appointments',
  slots: inHour.map((n) => ({ start: inHours(n), places: 1 })),
});

/** `referral` on a real PostgreSQL, and what happens to a referral of the directory. For one spec file. */
export function directorySpecs() {
  let world: Awaited<ReturnType<typeof referralDatabase>>;
  beforeAll(async () => {
    world = await referralDatabase();
  });
  afterAll(() => world.drop());

  const stageOf = async (referralId: string): Promise<string> =>
    (await world.stateOf(referralId)).stage.name;

  async function lastOffer(referralId: string) {
    const offer = (await world.stateOf(referralId)).offers.at(-1);
    if (!offer) throw new Error('no service was asked');
    return offer;
  }

  async function placesOf({ serviceId }: Pick<DirectoryService, 'serviceId'>) {
    const found = await placesStore.find(world.database, serviceId);
    if (!found) throw new Error('nothing was declared');
    return found;
  }

  /** The service accepts and the person agrees. @returns the hold. */
  async function agreed(
    referralId: string,
    service: DirectoryService,
    at = monday,
  ): Promise<string> {
    const { offerId } = await lastOffer(referralId);
    await world.inTransaction((tx) => offers.accept(tx, pack, offerId, service.callAt(at)));
    const { memberId = '' } = (await world.stateOf(referralId)).party[0] ?? {};
    const yes = { offerId, memberId, agrees: true, code: undefined, childViewHeard: false };
    await world.applyDecision(referralId, at, (referral, knowledge) =>
      recordPersonAnswer(referral, yes, knowledge),
    );
    expect(await stageOf(referralId)).toBe('agreed');
    return offerId;
  }

  return {
    /** Set before the first spec. */
    world: () => world,
    ask: (wanted: Parameters<typeof requestOfDirectory>[1] = {}): Promise<string> =>
      world.inTransaction((tx) => requestOfDirectory(tx, wanted)),
    stageOf,
    lastOffer,
    placesOf,
    agreed,
  };
}
