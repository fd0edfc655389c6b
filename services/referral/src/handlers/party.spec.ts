import { randomUUID } from 'node:crypto';
import { after, type Instant, minutes } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unitConfirmed } from '../domain/confirming.ts';
import { unitHeld } from '../domain/offering.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import * as offers from './offers.ts';
import { onAgeChanged, onVaultEvent } from './on-vault-event.ts';
import * as requests from './requests.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));

const at = (minute: number): Instant => after(monday, minutes(minute));
type Party = Awaited<ReturnType<typeof asksTogether>>;

async function asksTogether() {
  const asked = await world.requestEmergency(monday, 2);
  const { party } = await world.stateOf(asked.referralId);
  return {
    ...asked,
    memberIds: party.map((one) => one.memberId),
    cases: party.map((one) => one.caseReference),
  };
}

/** The second member leaves. */
const leaves = ({ referralId, memberIds, call }: Party) =>
  world.inTransaction((tx) =>
    requests.withdraw(
      tx,
      pack,
      referralId,
      { memberId: memberIds[1], code: 'own-wish' },
      { ...call, at: at(1) },
    ),
  );

async function ownReferralOf(party: Party): Promise<string> {
  const given = await leaves(party);
  if (given.kind !== 'answer') throw new Error(`the withdrawal was refused: ${given.refusal}`);
  return given.response.memberReferralId;
}

const metaOf = (key: string) => ({
  id: randomUUID(),
  key,
  sequence: 1,
  epoch: 1,
  at: at(2),
  now: at(2),
});

/** The vault withdrew what it had announced for a case; from then on the request basis of an emergency does not suffice. */
const vaultWithdraws = (reference: string) =>
  world.inTransaction((tx) =>
    onVaultEvent(tx, pack, metaOf(reference), reference, (known) => ({
      ...known,
      decidedPurposes: ['accommodation'],
    })),
  );

describe('a member who leaves a party', () => {
  it('has a referral of their own in the same transaction, with the same need and owner, which searches', async () => {
    const party = await asksTogether();
    const before = await world.stateOf(party.referralId);
    const own = await world.stateOf(await ownReferralOf(party));
    expect(own).toMatchObject({
      ownerOrg: before.ownerOrg,
      need: before.need,
      urgency: 'emergency',
      basis: 'vital-interest',
      party: [{ caseReference: party.cases[1] }],
      stage: { name: 'searching' },
    });
    expect(own.offers.map((offer) => offer.status)).toEqual(['holding', 'holding']);
    expect((await world.stateOf(party.referralId)).party.map((one) => one.caseReference)).toEqual([
      party.cases[0],
    ]);
  });

  it('has a referral of their own also where they declined the confirmed place', async () => {
    const { referralId, memberIds, cases, call } = await asksTogether();
    const [offer] = (await world.stateOf(referralId)).offers;
    const offerId = offer?.offerId ?? '';
    await world.applyDecision(referralId, at(1), (referral, knowledge) =>
      unitHeld(referral, offerId, knowledge),
    );
    const staff = callOf(at(1), 'provider-staff', offer?.organisationId);
    await world.inTransaction((tx) => offers.accept(tx, pack, offerId, staff));
    await world.applyDecision(referralId, at(1), (referral, knowledge) =>
      unitConfirmed(referral, offerId, knowledge),
    );
    const no = {
      offerId,
      memberId: memberIds[1] ?? '',
      agrees: false,
      code: 'area',
      childViewHeard: false,
    };
    const given = await world.inTransaction((tx) =>
      requests.personAnswered(tx, pack, referralId, no, { ...call, at: at(2) }),
    );
    expect(given).toMatchObject({ kind: 'answer', response: { state: 'awaiting-person' } });
    const own =
      given.kind === 'answer' ? await world.stateOf(given.response.memberReferralId) : undefined;
    expect(own?.party.map((one) => one.caseReference)).toEqual([cases[1]]);
    // A service that the person declined is not asked again for them.
    expect(own?.offers.map(({ serviceId }) => serviceId)).not.toContain(offer?.serviceId);
    expect(own?.offers).toHaveLength(2);
  });

  it('is no longer part of the referral of the party: events of the vault about them reach their own referral', async () => {
    const party = await asksTogether();
    const own = await ownReferralOf(party);
    const [, left = ''] = party.cases;
    await world.inTransaction((tx) =>
      onAgeChanged(tx, pack, metaOf(left), {
        caseReference: left,
        recorded: undefined,
      }),
    );
    await vaultWithdraws(left);
    const codes = async (id: string) => (await world.stateOf(id)).alerts.map((alert) => alert.code);
    expect(await codes(party.referralId)).toEqual(['member-left']);
    expect(await codes(own)).toEqual(['age-changed', 'basis-lost']);
    expect((await world.stateOf(party.referralId)).basis).toBe('vital-interest');
  });

  it('gets no referral where the command is refused or the whole referral is withdrawn', async () => {
    const party = await asksTogether();
    const stranger = await leaves({ ...party, call: callOf(at(1)) });
    expect(stranger).toMatchObject({ kind: 'refused', refusal: 'not-found' });
    const whole = { memberId: undefined, code: 'own-wish' };
    const given = await world.inTransaction((tx) =>
      requests.withdraw(tx, pack, party.referralId, whole, party.call),
    );
    expect(given).toEqual({
      kind: 'answer',
      response: { state: 'withdrawn', memberReferralId: '' },
    });
  });

  it('gets every vault event that arrives at the same moment, and no transaction waits forever', async () => {
    const parties = await Promise.all(Array.from({ length: 40 }, asksTogether));
    const began = Promise.all(parties.map(ownReferralOf));
    await Promise.all(parties.flatMap(({ cases }) => cases.slice(1).map(vaultWithdraws)));
    for (const own of await began) expect((await world.stateOf(own)).basis).toBeUndefined();
  });
});
