import { topics } from '@opennrm/contracts/topics';
import { systemAuthor } from '@opennrm/messaging';
import type { Call } from '@opennrm/runtime';
import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { unitConfirmed } from '../domain/confirming.ts';
import type { Offer } from '../domain/offer.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { changeReferral } from '../handlers/change-referral.ts';
import * as offers from '../handlers/offers.ts';
import * as requests from '../handlers/requests.ts';
import { type Asked, callOf, referralDatabase } from './referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(2));

const toShelter = topics.referralForShelterCapacity.name;
const toVault = topics.referralForCaseVault.name;
const at = (minute: number): Instant => after(monday, minutes(minute));

/** The messages of one stream, as `number type`, in the order in which the relay will send them. */
async function streamOf(topic: string, key: string): Promise<string[]> {
  const { rows } = await world.database.query<{ sequence: number; type: string }>(
    `SELECT sequence, type FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2 ORDER BY position`,
    [topic, key],
  );
  return rows.map(({ sequence, type }) => `${sequence} ${type.split('.').at(-1)}`);
}

const handleEvent = (
  { referralId }: Asked,
  decide: typeof unitHeld,
  offer: Offer,
  minute: number,
) =>
  world.applyDecision(referralId, at(minute), (referral, knowledge) =>
    decide(referral, offer.offerId, knowledge),
  );
const accepts = (offer: Offer, minute: number) =>
  world.inTransaction((tx) => offers.accept(tx, pack, offer.offerId, providerOf(offer, minute)));
const providerOf = (offer: Offer, minute: number): Call =>
  callOf(at(minute), 'provider-staff', offer.organisationId);

async function agrees({ referralId, call }: Asked, { offerId }: Offer): Promise<void> {
  const memberId = (await world.stateOf(referralId)).party[0]?.memberId ?? '';
  const answer = {
    offerId,
    memberId,
    agrees: true,
    code: undefined,
    childViewHeard: false,
  };
  await world.inTransaction((tx) =>
    requests.personAnswered(tx, pack, referralId, answer, { ...call, at: at(4) }),
  );
}

/** A referral with two offers, both open. */
async function twoOpen() {
  const asked = await world.requestEmergency();
  const [one, two] = (await world.stateOf(asked.referralId)).offers;
  if (!one || !two) throw new Error('an emergency asks two');
  await handleEvent(asked, unitHeld, one, 0);
  await handleEvent(asked, unitHeld, two, 0);
  return { asked, one, two };
}

it('the messages for each hold and for the vault are numbered 1, 2, 3 …, also with two offers of one referral', async () => {
  const { asked, one, two } = await twoOpen();
  await accepts(one, 1);
  await handleEvent(asked, unitConfirmed, one, 2);
  await agrees(asked, one);
  expect(await streamOf(toShelter, one.offerId)).toEqual(['1 HoldRequested', '2 ConfirmRequested']);
  expect(await streamOf(toShelter, two.offerId)).toEqual([
    '1 HoldRequested',
    '2 HoldReleaseRequested',
  ]);
  expect(await streamOf(toVault, asked.referralId)).toEqual([
    '1 DisclosureMade',
    '2 DisclosureMade',
    '3 AgreementRecorded',
    '4 RelationBegan',
    '5 RelationEnded',
  ]);
});

it('the numbers continue when the referral ends, and each hold gets its own release', async () => {
  const { asked, one, two } = await twoOpen();
  await world.inTransaction((tx) =>
    requests.withdraw(
      tx,
      pack,
      asked.referralId,
      { memberId: undefined, code: 'own-wish' },
      asked.call,
    ),
  );
  for (const { offerId } of [one, two])
    expect(await streamOf(toShelter, offerId)).toEqual([
      '1 HoldRequested',
      '2 HoldReleaseRequested',
    ]);
  const sent = ['1 DisclosureMade', '2 DisclosureMade', '3 RelationEnded', '4 RelationEnded'];
  expect(await streamOf(toVault, asked.referralId)).toEqual(sent);
});

it('a change that is rolled back leaves no gap in the numbers', async () => {
  const { asked, one } = await twoOpen();
  const undone = world.inTransaction(async (tx) => {
    await offers.accept(tx, pack, one.offerId, providerOf(one, 1));
    await changeReferral(tx, pack, at(2), systemAuthor, asked.referralId, (referral, knowledge) =>
      unitConfirmed(referral, one.offerId, knowledge),
    );
    throw new Error('the connection broke');
  });
  await expect(undone).rejects.toThrow('the connection broke');
  expect(await streamOf(toShelter, one.offerId)).toEqual(['1 HoldRequested']);
  await accepts(one, 3);
  expect(await streamOf(toShelter, one.offerId)).toEqual(['1 HoldRequested', '2 ConfirmRequested']);
});

it('a refused or ignored input uses no number', async () => {
  const { asked, one } = await twoOpen();
  await accepts(one, 1);
  expect(await accepts(one, 1)).toMatchObject({ kind: 'refused', refusal: 'already-answered' });
  expect(await handleEvent(asked, unitHeld, one, 1)).toMatchObject({
    kind: 'ignored',
    reason: 'hold-already-answered',
  });
  expect(await streamOf(toShelter, one.offerId)).toEqual(['1 HoldRequested', '2 ConfirmRequested']);
});

it('concurrent inputs leave no gap and no repeated number', async () => {
  const referred = await Promise.all(Array.from({ length: 12 }, twoOpen));
  await Promise.all(
    referred.flatMap(({ one, two }) => [
      accepts(one, 1),
      accepts(two, 1),
      ...[one, two].map((offer) =>
        world.inTransaction((tx) =>
          offers.profile(
            tx,
            pack,
            offer.offerId,
            'accommodation',
            providerOf(offer, 1),
            () => undefined,
          ),
        ),
      ),
    ]),
  );
  const { rows } = await world.database.query<{ numbers: string[] }>(
    `SELECT array_agg(sequence ORDER BY position) AS numbers FROM journal WHERE topic IS NOT NULL GROUP BY topic, key, epoch`,
  );
  expect(rows.length).toBeGreaterThan(referred.length * 3);
  for (const { numbers } of rows)
    expect(numbers.map(Number)).toEqual(numbers.map((_, nth) => nth + 1));
  for (const { asked } of referred)
    expect(await streamOf(toVault, asked.referralId)).toHaveLength(4);
});
