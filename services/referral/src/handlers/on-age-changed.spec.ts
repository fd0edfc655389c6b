import { randomUUID } from 'node:crypto';
import { hours, type Instant, after as later } from '@opennrm/runtime/decision';
import { describe, expect, it } from 'vitest';
import type { UnderEighteen } from '../domain/need.ts';
import { monday } from '../domain/saga.fixture.ts';
import { type FromVault, vaultEvents } from './vault-events.fixture.ts';

const { asksOnPermission, quarantine, handleEvent, next, requestEmergency, stateOf, statuses } =
  vaultEvents();

/** Nothing is recorded where the age is empty. */
const ageChanged = (
  caseReference: string,
  code: string,
  underEighteen: string,
  recordedAt = monday,
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
  const alerts = (await stateOf(referralId)).alerts.map(({ code }) => code);
  expect(alerts.filter((code) => code === 'age-changed')).toHaveLength(1);
});

it('an age in dispute withdraws the offers of services for adults', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  await handleEvent(ageChanged(caseReference, 'age-disputed', 'unsure', next()));
  const { offers, alerts } = await stateOf(referralId);
  expect(new Set(offers.map(({ status, code }) => `${status} ${code}`))).toEqual(
    new Set(['withdrawn AGE']),
  );
  expect(alerts.map(({ code }) => code)).toEqual(['age-changed', 'unplaced']);
});

it('an announced age decides how old the person counts as from then on', async () => {
  const { referralId, caseReference } = await asksOnPermission();
  const treated = async (code: string, underEighteen: string) => {
    await handleEvent(ageChanged(caseReference, code, underEighteen, next()));
    return (await stateOf(referralId)).party.map((member) => member.underEighteen);
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
    const { party, alerts } = await stateOf(referralId);
    return [
      ...party.map(({ underEighteen }) => underEighteen),
      ...alerts.map(({ code }) => code).filter((code) => code === 'age-changed'),
    ];
  };
  const requestFor = async (caseReference: string, underEighteen: UnderEighteen) =>
    (await requestEmergency(monday, 1, { under: [caseReference], underEighteen })).referralId;

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
      await quarantine(key);
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
