import { randomUUID } from 'node:crypto';
import { type EventOf, topics } from '@opennrm/contracts/topics';
import { typeOf } from '@opennrm/messaging';
import { days, hours, type Instant, after as later, minutes } from '@opennrm/runtime/decision';
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

/** Each event happens a minute after the one before, unless its time is given; all are handled at once. */
let happened = monday;
const next = (): Instant => {
  happened = later(happened, minutes(1));
  return happened;
};

async function handleEvent(event: FromVault, at: Instant = next()): Promise<void> {
  const topic = topics.caseVaultForReferral;
  const apply = vaultSubscription(pack).read(typeOf(topic, event.$case), topic.encode(event));
  if (!apply) throw new Error(`${event.$case} has no handler`);
  const key = event.value.caseReference;
  await world.inTransaction((tx) =>
    apply(tx, { id: randomUUID(), key, sequence: 1, epoch: 1, at, now: monday }),
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

describe('the withdrawal of a permission', () => {
  it('withdraws the offers, and acknowledges their number to the vault in the same transaction', async () => {
    const { referralId, caseReference, permissionId } = await asksOnPermission();
    expect(await statuses(referralId)).toEqual(['holding', 'holding']);
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    expect(await statuses(referralId)).toEqual(['withdrawn', 'withdrawn']);
    const [sent] = await messagesToVault(caseReference);
    const acknowledged = topics.referralForCaseVault.decode(sent?.value ?? Buffer.alloc(0));
    expect(acknowledged).toMatchObject({
      $case: 'withdrawalAcknowledged',
      value: { caseReference, permissionId, withdrawnCount: 2 },
    });
  });

  it('for a case without a referral is acknowledged with the number zero', async () => {
    const [caseReference, permissionId] = [randomUUID(), randomUUID()];
    await handleEvent({ $case: 'permissionWithdrawn', value: { caseReference, permissionId } });
    const [sent] = await messagesToVault(caseReference);
    expect(topics.referralForCaseVault.decode(sent?.value ?? Buffer.alloc(0))).toMatchObject({
      value: { withdrawnCount: 0 },
    });
  });

  it('withdraws the offers that no other permission covers, and continues the search', async () => {
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

it('a permission that is announced again with fewer receivers withdraws the offers to receivers that it no longer names', async () => {
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

/** Nothing is recorded where the age is empty. */
const ageChanged = (
  caseReference: string,
  code: string,
  underEighteen: string,
  recordedAt = happened,
): FromVault => ({
  $case: 'ageChanged',
  value: {
    caseReference,
    code,
    underEighteen,
    recordedAt: underEighteen === '' ? undefined : new Date(recordedAt),
  },
});

it('a change of age raises one alert', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  await handleEvent(ageChanged(caseReference, 'age-disputed', 'unsure'));
  await handleEvent(ageChanged(caseReference, 'comes-of-age-soon', ''));
  const alerts = (await world.stateOf(referralId)).alerts.map(({ code }) => code);
  expect(alerts.filter((code) => code === 'age-changed')).toHaveLength(1);
});

it('an age in dispute withdraws the offers of services for adults', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  await handleEvent(ageChanged(caseReference, 'age-disputed', 'unsure', next()));
  const { offers, alerts } = await world.stateOf(referralId);
  expect(new Set(offers.map(({ status, code }) => `${status} ${code}`))).toEqual(
    new Set(['withdrawn AGE']),
  );
  expect(alerts.map(({ code }) => code)).toEqual(['age-changed', 'unplaced']);
});

it('an announced age decides how old the person counts as from then on', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  const treated = async (code: string, underEighteen: string) => {
    await handleEvent(ageChanged(caseReference, code, underEighteen, next()));
    return (await world.stateOf(referralId)).party.map((member) => member.underEighteen);
  };
  expect(await treated('age-disputed', 'unsure')).toEqual(['unsure']);
  expect(await treated('comes-of-age-soon', '')).toEqual(['unsure']);
  expect(await treated('age-determined', 'yes')).toEqual(['yes']);
  expect(await treated('came-of-age', 'no')).toEqual(['no']);
});

describe('an age that the vault announces before a request under the same reference', () => {
  const before = later(monday, -hours(2));
  const announce = (
    caseReference: string,
    underEighteen: string,
    { code = 'age-recorded', at = before }: { readonly code?: string; readonly at?: Instant } = {},
  ) => handleEvent(ageChanged(caseReference, code, underEighteen, at));
  /** How old the person counts as, and the alerts about it. */
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
    // A doubt that the request states counts, although full age was recorded before.
    ['no', 'unsure', ['unsure']],
    ['no', 'yes', ['yes']],
    ['', 'no', ['no']],
  ] as const)(
    'makes the person a child if either the vault ("%s") or the request ("%s") states so',
    async (recorded, stated, expected) => {
      const caseReference = randomUUID();
      await announce(caseReference, recorded);
      expect(await treated(await requestFor(caseReference, stated))).toEqual(expected);
    },
  );

  it('is announced after the request too, and then replaces what the request stated', async () => {
    for (const stated of ['no', 'yes', 'unsure'] as const)
      for (const recorded of ['yes', 'unsure', 'no'] as const) {
        const caseReference = randomUUID();
        const referralId = await requestFor(caseReference, stated);
        await announce(caseReference, recorded, { at: next() });
        expect((await treated(referralId))[0]).toBe(recorded);
      }
  });

  it('keeps services for adults from being asked', async () => {
    const caseReference = randomUUID();
    await announce(caseReference, 'unsure', { code: 'age-disputed' });
    expect(await statuses(await requestFor(caseReference, 'no'))).toEqual([]);
  });

  it('is kept as announced last, and an announcement of a future birthday changes nothing', async () => {
    const caseReference = randomUUID();
    await announce(caseReference, 'yes');
    await announce(caseReference, '', { code: 'comes-of-age-soon' });
    const referralId = await requestFor(caseReference, 'no');
    expect(await treated(referralId)).toEqual(['yes', 'age-changed']);
    await announce(caseReference, 'no', { code: 'came-of-age', at: next() });
    expect(await treated(referralId)).toEqual(['no', 'age-changed']);
  });

  it('is repeated for a reference that is registered late: a child counts as one from then on, and a doubt of the request stays', async () => {
    const [child, doubted] = [randomUUID(), randomUUID()];
    const [first, second] = [await requestFor(child, 'no'), await requestFor(doubted, 'unsure')];
    await announce(child, 'yes', { code: 'age-repeated' });
    await announce(doubted, 'no', { code: 'age-repeated' });
    expect(await treated(first)).toEqual(['yes', 'age-changed']);
    expect(new Set(await statuses(first))).toEqual(new Set(['withdrawn']));
    expect(await treated(second)).toEqual(['unsure']);
  });

  it('removes no doubt of a request that was made after it, however late it is delivered', async () => {
    const caseReference = randomUUID();
    const referralId = await requestFor(caseReference, 'unsure');
    await announce(caseReference, 'no');
    expect(await treated(referralId)).toEqual(['unsure']);
  });

  it.each(['the same', 'another'])(
    'counts as in doubt while a message under %s reference of the person is unread',
    async (which) => {
      const [known, other] = [randomUUID(), randomUUID()];
      const same = { caseReference: other, sameCaseReferences: [known] };
      await handleEvent({ $case: 'referenceRegistered', value: same });
      await announce(known, 'no');
      const key = which === 'the same' ? known : other;
      await world.database.query(
        `INSERT INTO quarantine (topic, key, reason) VALUES ($1, $2, 'unreadable')`,
        [topics.caseVaultForReferral.name, key],
      );
      const referralId = await requestFor(known, 'no');
      expect(await treated(referralId)).toEqual(['unsure', 'age-changed']);
      expect(await statuses(referralId)).toEqual([]);
    },
  );

  it('counts under every reference of the person', async () => {
    const [known, other] = [randomUUID(), randomUUID()];
    const same = { caseReference: other, sameCaseReferences: [known] };
    await handleEvent({ $case: 'referenceRegistered', value: same });
    await announce(known, 'yes');
    expect(await treated(await requestFor(other, 'no'))).toEqual(['yes', 'age-changed']);
  });
});

describe('a denial', () => {
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

  it('withdraws offers of an emergency on its request basis; a replacement with fewer names lets the others be asked', async () => {
    const { referralId } = await world.requestEmergency();
    const { party, offers } = await world.stateOf(referralId);
    const [caseReference = '', denialId] = [party[0]?.caseReference, randomUUID()];
    const named = offers.map(({ organisationId }) => organisationId as string);
    await handleEvent(refuses(caseReference, denialId, named));
    expect(await statuses(referralId)).toEqual(['withdrawn', 'withdrawn', 'holding']);
    await handleEvent(refuses(caseReference, denialId, []));
    expect((await world.stateOf(referralId)).stage.name).toBe('searching');
  });

  it('also limits a basis that covers other receivers', async () => {
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
