import { randomUUID } from 'node:crypto';
import type { CountryPack } from '@opennrm/country';
import { systemAuthor } from '@opennrm/messaging';
import type { Call } from '@opennrm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptOffer } from '../domain/answers.ts';
import { unitConfirmed } from '../domain/confirming.ts';
import type { CaseReference, MemberId, OrganisationId, ReferralId } from '../domain/need.ts';
import { unitHeld } from '../domain/offering.ts';
import { recordPersonAnswer } from '../domain/person.ts';
import type { ReferralRequest } from '../domain/request.ts';
import { monday, need, pack as sample } from '../domain/saga.fixture.ts';
import { serviceStarted } from '../domain/service-started.ts';
import { callOf, referralDatabase } from '../outbound/referral-database.fixture.ts';
import { storeSamePerson } from '../outbound/same-person.ts';
import { changeReferral } from './change-referral.ts';
import { request, withdraw } from './requests.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());

const OTHER_NEED = 'legal-aid';
/** The sample country with a second need that is provided like the first. */
const pack: CountryPack = {
  ...sample,
  needs: sample.needs.flatMap((world) =>
    world.code === need.need ? [world, { ...world, code: OTHER_NEED }] : [world],
  ),
};

/** The organisation that holds the coordination desk of the country. */
const DESK = sample.roles.find(({ code }) => code === 'coordinator')?.heldBy?.[0] ?? '';

const aCase = (): CaseReference => randomUUID() as string as CaseReference;

interface Asked extends Partial<Pick<ReferralRequest, 'basis' | 'urgency' | 'need'>> {
  readonly replaces?: string;
}

function asks(cases: readonly CaseReference[], call: Call, { replaces, ...more }: Asked = {}) {
  const asked: ReferralRequest = {
    referralId: randomUUID() as string as ReferralId,
    ownerOrg: call.actor.organisation as OrganisationId,
    requestedBy: call.actor.person,
    urgency: 'emergency',
    basis: 'vital-interest',
    foundTogether: undefined,
    need,
    party: cases.map((caseReference) => ({
      memberId: randomUUID() as string as MemberId,
      caseReference,
      underEighteen: 'no',
    })),
    ...more,
  };
  return world.inTransaction((tx) => request(tx, pack, asked, call, replaces));
}

async function referred(
  cases: readonly CaseReference[],
  call: Call,
  more: Asked = {},
): Promise<string> {
  const given = await asks(cases, call, more);
  if (given.kind !== 'answer') throw new Error(`${given.refusal}: ${given.field}`);
  return given.response.referralId;
}

/** Waits until another transaction waits for a lock that this one has. */
async function untilLockWait(): Promise<void> {
  for (let waits = false; !waits; ) {
    const { rows } = await world.database.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    waits = rows.length > 0;
  }
}

const stageOf = async (referralId: string): Promise<string> =>
  (await world.stateOf(referralId)).stage.name;

describe('a second request for the same person and need', () => {
  it('is refused, and names the live referral only to those who may act on it', async () => {
    const [reference, call] = [aCase(), callOf(monday)];
    const referralId = await referred([reference], call);
    const own = callOf(monday, 'caseworker', call.actor.organisation);
    for (const entitled of [own, callOf(monday, 'coordinator', DESK)])
      expect(await asks([aCase(), reference], entitled)).toEqual({
        kind: 'refused',
        refusal: 'already-referred',
        field: 'party',
        problems: [
          { field: 'party[1].case_reference', rule: `has the live referral ${referralId}` },
        ],
      });
    const stranger = await asks([reference], callOf(monday));
    expect(stranger).toMatchObject({ refusal: 'already-referred', field: 'party', problems: [] });
    expect(JSON.stringify(stranger)).not.toContain(referralId);
  });

  it('is accepted for another need, and when the first referral is over', async () => {
    const [reference, call] = [aCase(), callOf(monday)];
    const referralId = await referred([reference], call);
    await referred([reference], call, { need: { ...need, need: OTHER_NEED } });
    const wish = { memberId: undefined, code: 'own-wish' };
    await world.inTransaction((tx) => withdraw(tx, pack, referralId, wish, call));
    await referred([reference], call);
  });

  it('is refused for a former member of the party: the refusal names their own referral', async () => {
    const [first, second, call] = [aCase(), aCase(), callOf(monday)];
    const referralId = await referred([first, second], call);
    const { party } = await world.stateOf(referralId);
    const leaver = party.find(({ caseReference }) => caseReference === second)?.memberId;
    await world.inTransaction((tx) =>
      withdraw(tx, pack, referralId, { memberId: leaver, code: 'own-wish' }, call),
    );
    const again = await asks([second], call);
    expect(again).toMatchObject({
      refusal: 'already-referred',
      problems: [{ field: 'party[0].case_reference' }],
    });
    expect(JSON.stringify(again)).not.toContain(referralId);
    expect(JSON.stringify(await asks([first], call))).toContain(referralId);
  });

  it('is refused where another one at the same moment is accepted', async () => {
    const [reference, call] = [aCase(), callOf(monday)];
    const given = await Promise.all(Array.from({ length: 8 }, () => asks([reference], call)));
    expect(given.filter(({ kind }) => kind === 'answer')).toHaveLength(1);
    expect(
      given.filter((answer) => answer.kind === 'refused' && answer.refusal === 'already-referred'),
    ).toHaveLength(7);
  });
});

describe('a request that replaces a live referral', () => {
  it('withdraws the replaced referral in the same step', async () => {
    const [reference, call] = [aCase(), callOf(monday)];
    const first = await referred([reference], call);
    const second = await referred([reference], call, { replaces: first });
    expect([await stageOf(first), (await world.stateOf(second)).referralId]).toEqual([
      'withdrawn',
      second,
    ]);
    expect(await asks([reference], call)).toMatchObject({ refusal: 'already-referred' });
  });

  it('does not ask again a service that the person declined', async () => {
    const [shelter] = await world.setShelters(1);
    const [reference, call] = [aCase(), callOf(monday)];
    const first = await referred([reference], call);
    const { offers, party } = await world.stateOf(first);
    const [offerId, memberId] = [offers[0]?.offerId ?? '', party[0]?.memberId ?? ''];
    const no = { offerId, memberId, agrees: false, code: 'area', childViewHeard: false };
    await world.applyDecision(first, monday, (referral, knowledge) =>
      unitHeld(referral, offerId, knowledge),
    );
    await world.applyDecision(first, monday, (referral, knowledge) =>
      acceptOffer(referral, offerId, knowledge),
    );
    await world.applyDecision(first, monday, (referral, knowledge) =>
      unitConfirmed(referral, offerId, knowledge),
    );
    await world.applyDecision(first, monday, (referral, knowledge) =>
      recordPersonAnswer(referral, no, knowledge),
    );
    const second = await referred([reference], call, { replaces: first });
    const third = await referred([reference], call, { replaces: second });
    for (const id of [second, third])
      expect(await world.stateOf(id)).toMatchObject({
        declinedServiceIds: [shelter?.serviceId],
        offers: [],
      });
  });

  it('leaves the replaced referral unchanged where the request itself is refused', async () => {
    const [reference, call] = [aCase(), callOf(monday)];
    const first = await referred([reference], call);
    const before = await world.stateOf(first);
    const given = await asks([reference], call, { replaces: first, urgency: 'planned' });
    expect(given).toMatchObject({ refusal: 'basis-not-enough' });
    expect(await world.stateOf(first)).toEqual(before);
  });

  it('is refused where the person arrives at the same moment, before the referral is withdrawn', async () => {
    await world.setShelters(1);
    const [reference, call] = [aCase(), callOf(monday)];
    const first = await referred([reference], call);
    const [offer] = (await world.stateOf(first)).offers;
    const given = await world.inTransaction(async (tx) => {
      await changeReferral(tx, pack, monday, systemAuthor, first, (referral, knowledge) =>
        serviceStarted(referral, offer?.offerId ?? '', monday, knowledge),
      );
      const asking = asks([reference], call, { replaces: first });
      await untilLockWait();
      return { asking };
    });
    expect(await given.asking).toMatchObject({
      refusal: 'not-found',
      field: 'replaces_referral_id',
    });
    expect(await stageOf(first)).toBe('started');
  });

  it.each([
    ['of another organisation', async (cases: CaseReference[]) => referred(cases, callOf(monday))],
    ['that does not exist', async () => randomUUID()],
    ['of other people', async (_cases: CaseReference[], call: Call) => referred([aCase()], call)],
  ])('cannot name a referral %s', async (_what, other) => {
    const [cases, call] = [[aCase()], callOf(monday)];
    const replaces = await other(cases, call);
    expect(await asks(cases, call, { replaces })).toMatchObject({
      refusal: 'not-found',
      field: 'replaces_referral_id',
    });
  });

  it('cannot leave out a member of the party that it replaces', async () => {
    const [first, second, call] = [aCase(), aCase(), callOf(monday)];
    const replaces = await referred([first, second], call);
    expect(await asks([first], call, { replaces })).toMatchObject({
      refusal: 'members-left-out',
      field: 'replaces_referral_id',
    });
    expect(await stageOf(replaces)).not.toBe('withdrawn');
  });
});

describe('a person whom the vault knows by several references', () => {
  async function onePerson(many: number): Promise<CaseReference[]> {
    const references = Array.from({ length: many }, aCase);
    await world.inTransaction((tx) => storeSamePerson(tx, references));
    return references;
  }

  it('has one live referral under all of them, which is named only to those who may act on it', async () => {
    const [[first, second, third], call] = [await onePerson(3), callOf(monday)];
    const referralId = await referred([first as CaseReference], call);
    for (const reference of [second, third] as CaseReference[]) {
      expect(await asks([aCase(), reference], callOf(monday, 'coordinator', DESK))).toEqual({
        kind: 'refused',
        refusal: 'already-referred',
        field: 'party',
        problems: [
          { field: 'party[1].case_reference', rule: `has the live referral ${referralId}` },
        ],
      });
      const stranger = await asks([reference], callOf(monday));
      expect(stranger).toMatchObject({ refusal: 'already-referred', problems: [] });
      expect(JSON.stringify(stranger)).not.toContain(referralId);
    }
    await referred([second as CaseReference], call, { need: { ...need, need: OTHER_NEED } });
  });

  it('may have the referral replaced by a request under another of them', async () => {
    const [[first, second, third], call] = [await onePerson(3), callOf(monday)];
    const before = await referred([first as CaseReference], call);
    const after = await referred([second as CaseReference], call, { replaces: before });
    expect(await stageOf(before)).toBe('withdrawn');
    expect(await asks([third as CaseReference], call)).toMatchObject({
      refusal: 'already-referred',
    });
    await referred([third as CaseReference], call, { replaces: after });
  });

  it('may not have the referral of a party replaced by a request without the other member', async () => {
    const [[first, second], other, call] = [await onePerson(2), aCase(), callOf(monday)];
    const replaces = await referred([first as CaseReference, other], call);
    expect(await asks([second as CaseReference], call, { replaces })).toMatchObject({
      refusal: 'members-left-out',
    });
    await referred([other, second as CaseReference], call, { replaces });
  });

  it('cannot be two members of one party', async () => {
    const [party, call] = [await onePerson(2), callOf(monday)];
    expect(await asks(party, call)).toMatchObject({ refusal: 'duplicate-member', field: 'party' });
  });
});
