import { topics } from '@opennrm/contracts/topics';
import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callOf, referralDatabase } from '../adapters/referral-database.fixture.ts';
import type { Offer } from '../domain/offer.ts';
import { bedHeld } from '../domain/offering.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
import { suspendService } from './directory.ts';
import * as offers from './offers.ts';
import * as requests from './requests.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.onlyShelters(1));

const at = (minute: number): Instant => after(monday, minutes(minute));
const staffOf = ({ organisationId }: Offer) => callOf(at(2), 'provider-staff', organisationId);
const yes = (offer: Offer) => world.inTurn((tx) => offers.accept(tx, pack, offer.offerId, staffOf(offer)));
const profile = (offer: Offer) =>
  world.inTurn((tx) => offers.profile(tx, pack, offer.offerId, 'accommodation', staffOf(offer), () => 'the profile'));

/** A referral with one open offer. */
async function asked() {
  const { referralId, call } = await world.asks();
  const [offer] = (await world.stateOf(referralId)).offers;
  if (!offer) throw new Error('nobody was asked');
  await world.happens(referralId, at(1), (referral, knowing) => bedHeld(referral, offer.offerId, knowing));
  return { referralId, call, offer };
}

/** What the shelter was told of a hold, in order. */
async function toldOf({ offerId }: Offer): Promise<string[]> {
  const { rows } = await world.database.query<{ type: string }>(
    'SELECT type FROM journal WHERE topic = $1 AND key = $2 ORDER BY position',
    [topics.referralForShelterCapacity.name, offerId],
  );
  return rows.map(({ type }) => type.split('.').at(-1) ?? '');
}

describe('an offer that is not safe any more', () => {
  it('is taken back when the need excludes its area: no yes, no profile, and the bed is released', async () => {
    const { referralId, call, offer } = await asked();
    const amended = { ...need, excludedRegions: ['harbour'] };
    await world.inTurn((tx) => requests.amend(tx, pack, referralId, amended, { ...call, at: at(2) }));
    expect(await yes(offer)).toEqual({ kind: 'refused', refusal: 'offer-withdrawn', field: 'offer_id' });
    expect(await profile(offer)).toMatchObject({ kind: 'refused', refusal: 'not-found' });
    expect(await toldOf(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
  });

  it('is taken back when its service is suspended', async () => {
    const { referralId, offer } = await asked();
    const accreditor = callOf(at(2), 'accreditor');
    await world.inTurn((tx) => suspendService(tx, pack, offer.serviceId, 'safety', accreditor));
    expect((await world.stateOf(referralId)).offers[0]).toMatchObject({ status: 'withdrawn', code: 'NOT_ACCREDITED' });
    expect(await toldOf(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
  });

  it('is taken back by its own yes when the accreditation ended by time and nobody said so', async () => {
    const { offer } = await asked();
    await world.database.query('UPDATE service SET accredited_until = NULL');
    expect(await profile(offer)).toMatchObject({ kind: 'refused', refusal: 'not-found' });
    expect(await yes(offer)).toEqual({ kind: 'refused', refusal: 'offer-withdrawn', field: 'offer_id' });
    expect(await toldOf(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
  });
});
