import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { days, after as later } from '@opennrm/runtime/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OrganisationId, UnderEighteen } from '../domain/need.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { referralDatabase } from '../outbound/referral-database.fixture.ts';

let world: Awaited<ReturnType<typeof referralDatabase>>;
beforeAll(async () => {
  world = await referralDatabase();
});
afterAll(() => world.drop());
beforeEach(() => world.setShelters(3));

type FromVault = EventOf<typeof topics.caseVaultForReferral>;

async function handleEvent(event: FromVault): Promise<void> {
  const topic = topics.caseVaultForReferral;
  const apply = vaultSubscription(pack).read(typeOf(topic, event.$case), topic.encode(event));
  if (!apply) throw new Error(`${event.$case} is not listened to`);
  const key = event.value.caseReference;
  await world.inTransaction((tx) =>
    apply(tx, { id: randomUUID(), key, sequence: 1, epoch: 1, at: monday, now: monday }),
  );
}

const valid = { validFrom: new Date(monday), validUntil: new Date(later(monday, days(30))) };
const granted = (
  caseReference: string,
  permissionId: string,
  excludedOrganisationIds: string[] = [],
): FromVault => ({
  $case: 'permissionGranted',
  value: {
    caseReference,
    permissionId,
    purpose: 'accommodation',
    ...valid,
    receivers: {
      excludedRegions: [],
      excludedOrganisationIds,
      organisationIds: [],
      serviceClasses: ['safe-accommodation'],
    },
  },
});

/** A referral whose only basis is the person's permission, which the vault has announced. */
async function asksOnPermission() {
  const asked = await world.requestEmergency();
  const caseReference = (await world.stateOf(asked.referralId)).party[0]?.caseReference ?? '';
  const permissionId = randomUUID();
  await handleEvent(granted(caseReference, permissionId));
  return { ...asked, caseReference, permissionId };
}

const statuses = async (referralId: string) =>
  (await world.stateOf(referralId)).offers.map(({ status }) => status);
const messagesToVault = async (key: string) =>
  (
    await world.database.query<{ type: string; value: Buffer }>(
      'SELECT type, value FROM journal JOIN outbox USING (position) WHERE topic = $1 AND key = $2 ORDER BY position',
      [topics.referralForCaseVault.name, key],
    )
  ).rows;

describe('a withdrawal', () => {
  it('withdraws the offers, and acknowledges their number to the vault in the same transaction', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    expect(await statuses(referralId)).toEqual(['holding', 'holding']);
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'withdrawn']);
    const [said] = await messagesToVault(caseReference);
    const told = topics.referralForCaseVault.decode(said?.value ?? Buffer.alloc(0));
    expect(told).toMatchObject({
      $case: 'withdrawalAcknowledged',
      value: { caseReference, permissionId, withdrawnCount: 2 },
    });
  });

  it('of a case with no referral is acknowledged all the same: nothing was there to close', async () => {
    const [caseReference, permissionId] = [randomUUID(), randomUUID()];
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    const [said] = await messagesToVault(caseReference);
    expect(topics.referralForCaseVault.decode(said?.value ?? Buffer.alloc(0))).toMatchObject({
      value: { withdrawnCount: 0 },
    });
  });

  it('of one permission takes back what no other one covers, and asks on for the rest', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    const [first] = (await world.stateOf(referralId)).offers;
    await handleEvent(
      granted(caseReference, randomUUID(), [first?.organisationId as OrganisationId]),
    );
    expect(await statuses(referralId)).toEqual(['holding', 'holding']);
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'holding', 'holding']);
  });
});

it('a permission that is announced again with fewer receivers withdraws the offers of those it does not name any more', async () => {
  const { referralId, caseReference, permissionId } = await asksOnPermission();
  const [first] = (await world.stateOf(referralId)).offers;
  await handleEvent(
    granted(caseReference, permissionId, [first?.organisationId as OrganisationId]),
  );
  expect(await statuses(referralId)).toEqual(['withdrawn', 'holding', 'holding']);
});

it('the search stops when its last basis ends', async () => {
  const { referralId, caseReference, permissionId } = await asksOnPermission();
  const basisId = randomUUID();
  const basis = {
    caseReference,
    basisId,
    code: 'duty-of-care',
    purpose: 'accommodation',
    ...valid,
  };
  await handleEvent({ $case: 'basisRecorded', value: basis });
  await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
  expect((await world.stateOf(referralId)).stage.name).toBe('searching');
  await handleEvent({ $case: 'basisEnded', value: { caseReference, basisId } });
  expect((await world.stateOf(referralId)).stage.name).toBe('waiting-for-basis');
});

it('a change of age is for a person to look at, once', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  await handleEvent({
    $case: 'ageChanged',
    value: { caseReference, code: 'came-of-age', underEighteen: 'no' },
  });
  await handleEvent({
    $case: 'ageChanged',
    value: { caseReference, code: 'age-recorded', underEighteen: '' },
  });
  expect((await world.stateOf(referralId)).alerts.map(({ code }) => code)).toEqual(['age-changed']);
});

it('an age in dispute takes back what a service for adults was asked', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  await handleEvent({
    $case: 'ageChanged',
    value: { caseReference, code: 'age-disputed', underEighteen: 'unsure' },
  });
  const { offers, alerts } = await world.stateOf(referralId);
  expect(new Set(offers.map(({ status, code }) => `${status} ${code}`))).toEqual(
    new Set(['withdrawn AGE']),
  );
  expect(alerts.map(({ code }) => code)).toEqual(['age-changed', 'unplaced']);
});

it('an age that is determined says as what the person is treated from then on', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  const treated = async (code: string, underEighteen: string) => {
    await handleEvent({ $case: 'ageChanged', value: { caseReference, code, underEighteen } });
    return (await world.stateOf(referralId)).party.map((member) => member.underEighteen);
  };
  expect(await treated('age-disputed', 'unsure')).toEqual(['unsure']);
  expect(await treated('comes-of-age-soon', '')).toEqual(['unsure']);
  expect(await treated('age-determined', 'yes')).toEqual(['yes']);
  expect(await treated('came-of-age', 'no')).toEqual(['no']);
});

describe('an age that the vault announces before a request under the same reference', () => {
  const announce = (caseReference: string, underEighteen: string, code = 'age-recorded') =>
    handleEvent({ $case: 'ageChanged', value: { caseReference, code, underEighteen } });
  /** As what the person is treated, and of what somebody is told. */
  const treated = async (referralId: string) => {
    const { party, alerts } = await world.stateOf(referralId);
    return [
      ...party.map(({ underEighteen }) => underEighteen),
      ...alerts.map(({ code }) => code).filter((code) => code === 'age-changed'),
    ];
  };
  const requestFor = async (caseReference: string, underEighteen: UnderEighteen) =>
    (await world.requestEmergency(monday, 1, { under: [caseReference], underEighteen })).referralId;

  it.each([
    ['yes', 'no', ['yes', 'age-changed']],
    ['unsure', 'no', ['unsure', 'age-changed']],
    ['yes', 'unsure', ['yes', 'age-changed']],
    ['unsure', 'yes', ['unsure', 'age-changed']],
    ['yes', 'yes', ['yes']],
    ['no', 'no', ['no']],
    // Whoever is with the person may doubt what was recorded before.
    ['no', 'unsure', ['unsure']],
    ['no', 'yes', ['yes']],
    ['', 'no', ['no']],
  ] as const)(
    'treats the person as a child if either does: the vault "%s", the request "%s"',
    async (recorded, stated, expected) => {
      const caseReference = randomUUID();
      await announce(caseReference, recorded);
      expect(await treated(await requestFor(caseReference, stated))).toEqual(expected);
    },
  );

  it('is the same after the request, and decides there what the request stated', async () => {
    for (const stated of ['no', 'yes', 'unsure'] as const)
      for (const recorded of ['yes', 'unsure', 'no'] as const) {
        const caseReference = randomUUID();
        const referralId = await requestFor(caseReference, stated);
        await announce(caseReference, recorded);
        expect((await treated(referralId))[0]).toBe(recorded);
      }
  });

  it('asks no service that is for adults alone', async () => {
    const caseReference = randomUUID();
    await announce(caseReference, 'unsure', 'age-disputed');
    expect(await statuses(await requestFor(caseReference, 'no'))).toEqual([]);
  });

  it('keeps the last announcement, and an announcement of a birthday to come changes nothing', async () => {
    const caseReference = randomUUID();
    await announce(caseReference, 'yes');
    await announce(caseReference, '', 'comes-of-age-soon');
    const referralId = await requestFor(caseReference, 'no');
    expect(await treated(referralId)).toEqual(['yes', 'age-changed']);
    await announce(caseReference, 'no', 'came-of-age');
    expect(await treated(referralId)).toEqual(['no', 'age-changed']);
  });

  it('is repeated for a reference that is registered late: a child is one from then on, a doubt of the request stays', async () => {
    const [child, doubted] = [randomUUID(), randomUUID()];
    const [first, second] = [await requestFor(child, 'no'), await requestFor(doubted, 'unsure')];
    await announce(child, 'yes', 'age-repeated');
    await announce(doubted, 'no', 'age-repeated');
    expect(await treated(first)).toEqual(['yes', 'age-changed']);
    expect(new Set(await statuses(first))).toEqual(new Set(['withdrawn']));
    expect(await treated(second)).toEqual(['unsure']);
  });
});

describe('a no', () => {
  const refuses = (
    caseReference: string,
    denialId: string,
    organisationIds: string[],
  ): FromVault => ({
    $case: 'denialRecorded' as const,
    value: {
      caseReference,
      denialId,
      purpose: 'accommodation',
      organisationIds,
      serviceClasses: [],
    },
  });

  it('withdraws offers of an emergency on its request basis; replaced by one with fewer names, it lets the others be asked', async () => {
    const { referralId } = await world.requestEmergency();
    const { party, offers } = await world.stateOf(referralId);
    const [caseReference = '', denialId] = [party[0]?.caseReference, randomUUID()];
    const named = offers.map(({ organisationId }) => organisationId as string);
    await handleEvent(refuses(caseReference, denialId, named));
    expect(await statuses(referralId)).toEqual(['withdrawn', 'withdrawn', 'holding']);
    await handleEvent(refuses(caseReference, denialId, []));
    expect((await world.stateOf(referralId)).stage.name).toBe('searching');
  });

  it('is obeyed by a basis that reaches others too', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    const [first] = (await world.stateOf(referralId)).offers;
    const basis = {
      caseReference,
      basisId: randomUUID(),
      code: 'duty-of-care',
      purpose: 'accommodation',
      ...valid,
    };
    const { receivers } = (
      granted(caseReference, permissionId) as Extract<FromVault, { $case: 'permissionGranted' }>
    ).value;
    await handleEvent({
      $case: 'limitedBasisRecorded',
      value: { ...basis, receivers, ownChoices: [] },
    });
    await handleEvent(refuses(caseReference, randomUUID(), [first?.organisationId as string]));
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'holding', 'holding']);
  });
});
