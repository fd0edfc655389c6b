import { randomUUID } from 'node:crypto';
import type { Call } from '@opennrm/runtime';
import { Actor } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  CaseReference,
  MemberId,
  OrganisationId,
  ReferralId,
  Urgency,
} from '../domain/need.ts';
import { stateName } from '../domain/referral.ts';
import { monday, need, pack } from '../domain/saga.fixture.ts';
import { callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { onVaultEvent } from './on-vault-event.ts';
import { confirm, overrideRule, request, withdraw } from './requests.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));

const { perPerson, perOrganisation } = pack.emergencyQuota;
const AT_ONCE = 50;

interface Asked {
  readonly members?: number;
  readonly urgency?: Urgency;
  readonly referralId?: ReferralId;
}

const newId = (): ReferralId => randomUUID() as string as ReferralId;

function asks(
  call: Call,
  { members = 1, urgency = 'emergency', referralId = newId() }: Asked = {},
) {
  const asked = {
    referralId,
    ownerOrg: call.actor.organisation as OrganisationId,
    requestedBy: call.actor.person,
    urgency,
    basis: 'vital-interest',
    foundTogether: undefined,
    need,
    party: Array.from({ length: members }, () => ({
      memberId: randomUUID() as string as MemberId,
      caseReference: randomUUID() as string as CaseReference,
      underEighteen: 'no' as const,
    })),
  };
  return world.inTransaction((tx) => request(tx, pack, asked, call));
}

async function referred(call: Call, asked: Asked = {}): Promise<string> {
  const given = await asks(call, asked);
  if (given.kind !== 'answer') throw new Error(`${given.refusal}: ${given.field}`);
  return given.response.referralId;
}

const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work));
const nameOf = async (referralId: string): Promise<string> =>
  stateName(await world.stateOf(referralId));
const waiting = async (ids: readonly string[]): Promise<string[]> => {
  const names = await Promise.all(ids.map(nameOf));
  return ids.filter((_id, nth) => names[nth] === 'waiting-for-desk');
};
const desk = (): Call => callOf(monday, 'coordinator');
const confirmed = (referralId: string, call: Call) =>
  world.inTransaction((tx) => confirm(tx, pack, referralId, call));

/** How many holds were requested for these referrals. */
async function holdsAskedFor(ids: readonly string[]): Promise<number> {
  const { rows } = await world.database.query<{ holds: number }>(
    `SELECT count(*)::int AS holds FROM journal
     WHERE data->>'type' = 'ServiceAsked' AND (data->>'hasHold')::boolean AND aggregate_id = ANY ($1::uuid[])`,
    [ids],
  );
  return rows[0]?.holds ?? 0;
}

describe('a coordinator of another organisation who asks services by name', () => {
  const { maxOpen } = pack.urgencies.emergency;

  it('can hold beds for one unregistered emergency at as many services as may be open; only the desk can ask more', async () => {
    const shelters = await world.setShelters(maxOpen + 3);
    const call = callOf(monday, 'coordinator', randomUUID());
    const referralId = await referred(call);
    const asked = new Set(
      (await world.stateOf(referralId)).offers.map(({ serviceId }) => serviceId),
    );
    const others = shelters.map(({ serviceId }) => serviceId).filter((id) => !asked.has(id));
    const asksFor = (serviceId: string | undefined, by: Call) =>
      world.inTransaction((tx) =>
        overrideRule(
          tx,
          pack,
          referralId,
          { action: 'ask-service', code: 'local-knowledge', serviceId },
          by,
        ),
      );
    const given = [];
    for (const serviceId of others) given.push(await asksFor(serviceId, call));
    expect(await holdsAskedFor([referralId])).toBe(maxOpen);
    expect(given.at(-1)).toEqual({ kind: 'refused', refusal: 'desk-not-held', field: 'action' });
    expect(await asksFor(others.at(-1), desk())).toMatchObject({ kind: 'answer' });
  });
});

describe('the quota of emergencies', () => {
  it('applies where one person sends fifty requests at the same moment', async () => {
    const call = callOf(monday);
    const ids = await times(AT_ONCE, () => referred(call));
    const above = await waiting(ids);
    expect(above).toHaveLength(AT_ONCE - perPerson);
    expect(await holdsAskedFor(above)).toBe(0);
  });

  it('applies where fifty people of one organisation send a request at the same moment', async () => {
    const organisation = randomUUID();
    const ids = await times(AT_ONCE, () => referred(callOf(monday, 'responder', organisation)));
    expect(await waiting(ids)).toHaveLength(AT_ONCE - perOrganisation);
  });

  it('applies where one person sends requests in fifty organisations', async () => {
    const person = randomUUID();
    const as = (): Call => ({
      ...callOf(monday),
      actor: new Actor({ person, organisation: randomUUID(), role: 'responder' }, () => undefined),
    });
    const ids = await times(AT_ONCE, () => referred(as()));
    expect(await waiting(ids)).toHaveLength(AT_ONCE - perPerson);
  });

  it('counts the people of a party', async () => {
    const call = callOf(monday);
    await referred(call, { members: perPerson - 1 });
    expect(await waiting([await referred(call, { members: 2 })])).toHaveLength(1);
  });

  it('counts neither a referral that is over nor a refused request', async () => {
    const call = callOf(monday);
    const ids = await times(perPerson, () => referred(call));
    const wish = { memberId: undefined, code: 'own-wish' };
    await world.inTransaction((tx) => withdraw(tx, pack, ids[0] ?? '', wish, call));
    expect(await asks(call, { urgency: 'planned' })).toMatchObject({ refusal: 'basis-not-enough' });
    expect(await asks(call, { referralId: ids[1] as ReferralId })).toMatchObject({
      refusal: 'already-exists',
    });
    const [next, last] = [await referred(call), await referred(call)];
    expect([await waiting([next]), await waiting([last])]).toEqual([[], [last]]);
  });

  it('does not count an emergency after its reference is registered', async () => {
    const call = callOf(monday);
    const ids = await times(perPerson, () => referred(call));
    await registers(ids[0] ?? '');
    expect(await waiting([await referred(call)])).toEqual([]);
  });

  it('counts each member of a party once, also after one has left it', async () => {
    const call = callOf(monday);
    const party = await referred(call, { members: 2 });
    await times(perPerson - 2, () => referred(call));
    const memberId = (await world.stateOf(party)).party[1]?.memberId;
    const left = await world.inTransaction((tx) =>
      withdraw(tx, pack, party, { memberId, code: 'own-wish' }, desk()),
    );
    const own = left.kind === 'answer' ? left.response.memberReferralId : '';
    expect([await waiting([own]), await waiting([await referred(call)])]).toEqual([
      [],
      [expect.any(String)],
    ]);
  });
});

/** The vault registers the reference of every member of the party. */
async function registers(referralId: string): Promise<void> {
  const { party } = await world.stateOf(referralId);
  for (const { caseReference } of party) {
    const meta = {
      id: randomUUID(),
      key: caseReference,
      sequence: 1,
      epoch: 1,
      at: monday,
      now: instant(monday),
    };
    await world.inTransaction((tx) =>
      onVaultEvent(tx, pack, meta, caseReference, (known) => ({ ...known, registered: true })),
    );
  }
}

describe('an emergency above the quota', () => {
  /** The first emergency that is above the quota of this caller. */
  async function aboveQuota(call: Call): Promise<string> {
    await times(perPerson, () => referred(call));
    return referred(call);
  }

  it('alerts the desk at once, and is searched for with holds when the desk confirms it', async () => {
    const referralId = await aboveQuota(callOf(monday));
    expect((await world.stateOf(referralId)).alerts).toMatchObject([
      { code: 'emergency-unconfirmed', ownerRole: 'coordinator' },
    ]);
    expect(await confirmed(referralId, desk())).toMatchObject({
      kind: 'answer',
      response: { state: 'offered' },
    });
    expect(await holdsAskedFor([referralId])).toBe(1);
    expect(await confirmed(referralId, desk())).toMatchObject({ refusal: 'not-waiting-for-desk' });
  });

  it('can be confirmed only by the coordination desk of the country', async () => {
    const call = callOf(monday);
    const referralId = await aboveQuota(call);
    const colleague = callOf(monday, 'coordinator', call.actor.organisation);
    expect(await confirmed(referralId, colleague)).toMatchObject({ refusal: 'desk-not-held' });
    const stranger = callOf(monday, 'coordinator', randomUUID());
    expect(await confirmed(referralId, stranger)).toMatchObject({ refusal: 'not-found' });
    expect(await nameOf(referralId)).toBe('waiting-for-desk');
  });

  it('is searched for with holds when its reference is registered', async () => {
    const referralId = await aboveQuota(callOf(monday));
    await registers(referralId);
    expect(await nameOf(referralId)).toBe('offered');
    expect(await holdsAskedFor([referralId])).toBe(1);
  });
});
