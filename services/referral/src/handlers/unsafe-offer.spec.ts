import { topics } from '@opennrm/contracts/topics';
import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unitConfirmed } from '../domain/confirming.ts';
import type { Offer } from '../domain/offer.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
import { serviceStarted } from '../domain/service-started.ts';
import { SERVICE } from '../outbound/directory.ts';
import { callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { accreditService, onAccreditationEnded, suspendService } from './directory.ts';
import * as offers from './offers.ts';
import * as requests from './requests.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(1));

const at = (minute: number): Instant => after(monday, minutes(minute));
const staffOf = ({ organisationId }: Offer) => callOf(at(2), 'provider-staff', organisationId);
const yes = (offer: Offer) =>
  world.inTransaction((tx) => offers.accept(tx, pack, offer.offerId, staffOf(offer)));
const profile = (offer: Offer) =>
  world.inTransaction((tx) =>
    offers.profile(tx, pack, offer.offerId, 'accommodation', staffOf(offer), () => 'the profile'),
  );

/** A referral with one open offer. */
async function asked() {
  const { referralId, call } = await world.requestEmergency();
  const [offer] = (await world.stateOf(referralId)).offers;
  if (!offer) throw new Error('no service was asked');
  await world.applyDecision(referralId, at(1), (referral, knowledge) =>
    unitHeld(referral, offer.offerId, knowledge),
  );
  return { referralId, call, offer };
}

type Asking = Awaited<ReturnType<typeof asked>>;

/** The messages to the shelter about a hold, in order. */
async function messagesOnHold({ offerId }: Offer): Promise<string[]> {
  const { rows } = await world.database.query<{ type: string }>(
    'SELECT type FROM journal WHERE topic = $1 AND key = $2 ORDER BY position',
    [topics.referralForShelterCapacity.name, offerId],
  );
  return rows.map(({ type }) => type.split('.').at(-1) ?? '');
}

describe('an offer that is no longer safe', () => {
  it('is withdrawn when the need excludes its area: it cannot be accepted or read, and the bed is released', async () => {
    const { referralId, call, offer } = await asked();
    const amended = { ...need, excludedRegions: ['harbour'] };
    await world.inTransaction((tx) =>
      requests.amend(tx, pack, referralId, amended, { ...call, at: at(2) }),
    );
    expect(await yes(offer)).toEqual({
      kind: 'refused',
      refusal: 'offer-withdrawn',
      field: 'offer_id',
    });
    expect(await profile(offer)).toMatchObject({ kind: 'refused', refusal: 'not-found' });
    expect(await messagesOnHold(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
  });

  it('is withdrawn when its service is suspended', async () => {
    const { referralId, offer } = await asked();
    const accreditor = callOf(at(2), 'accreditor');
    await world.inTransaction((tx) =>
      suspendService(tx, pack, offer.serviceId, 'safety', accreditor),
    );
    expect((await world.stateOf(referralId)).offers[0]).toMatchObject({
      status: 'withdrawn',
      code: 'NOT_ACCREDITED',
    });
    expect(await messagesOnHold(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
  });

  it('is withdrawn when it is accepted after the accreditation ended by time', async () => {
    const { offer } = await asked();
    await world.database.query('UPDATE service SET accredited_until = NULL');
    expect(await profile(offer)).toMatchObject({ kind: 'refused', refusal: 'not-found' });
    expect(await yes(offer)).toEqual({
      kind: 'refused',
      refusal: 'offer-withdrawn',
      field: 'offer_id',
    });
    expect(await messagesOnHold(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
  });
});

describe('an accreditation that ends by time, without a command', () => {
  /** The one shelter is accredited until the third minute; then the deadline of its entry passes. */
  async function endsAtThree(serviceId: string): Promise<void> {
    const accreditor = callOf(at(2), 'accreditor');
    await world.inTransaction((tx) =>
      accreditService(tx, pack, { serviceId, until: at(3) }, accreditor),
    );
    const { rows } = await world.database.query(
      `SELECT t.due FROM timers t JOIN service s ON s.id = t.aggregate_id AND s.generation = t.generation
       WHERE t.aggregate = $1 AND s.id = $2`,
      [SERVICE, serviceId],
    );
    expect(rows).toEqual([{ due: at(3) }]);
    await world.inTransaction((tx) => onAccreditationEnded(pack)(tx, serviceId, at(3)));
  }

  it('withdraws the offer and its hold at that time, once', async () => {
    const { referralId, offer } = await asked();
    await endsAtThree(offer.serviceId);
    expect((await world.stateOf(referralId)).offers[0]).toMatchObject({
      status: 'withdrawn',
      code: 'NOT_ACCREDITED',
    });
    expect(await messagesOnHold(offer)).toEqual(['HoldRequested', 'HoldReleaseRequested']);
    const again = await world.stateOf(referralId);
    await world.inTransaction((tx) => onAccreditationEnded(pack)(tx, offer.serviceId, at(4)));
    expect(await world.stateOf(referralId)).toEqual(again);
  });

  it.each([
    ['is confirmed', async () => undefined],
    [
      'is occupied',
      ({ referralId, offer }: Asking) =>
        world.applyDecision(referralId, at(2), (r, k) =>
          serviceStarted(r, offer.offerId, at(2), k),
        ),
    ],
  ])('leaves a place that %s, and raises an alert', async (_place, then) => {
    const asking = await asked();
    const { referralId, offer } = asking;
    await yes(offer);
    await world.applyDecision(referralId, at(2), (r, k) => unitConfirmed(r, offer.offerId, k));
    await then(asking);
    const { stage } = await world.stateOf(referralId);
    await endsAtThree(offer.serviceId);
    const ended = await world.stateOf(referralId);
    expect(ended.stage).toEqual(stage);
    expect(ended.alerts).toMatchObject([{ code: 'service-suspended', offerId: offer.offerId }]);
  });

  it('has no effect where it was extended, or before its time', async () => {
    const { referralId, offer } = await asked();
    const before = await world.stateOf(referralId);
    await world.inTransaction((tx) => onAccreditationEnded(pack)(tx, offer.serviceId, at(3)));
    expect(await world.stateOf(referralId)).toEqual(before);
  });
});
