import { randomUUID } from 'node:crypto';
import type { Received } from '@opennrm/messaging';
import { createLog } from '@opennrm/runtime';
import { hours, after as later } from '@opennrm/runtime/decision';
import { manualClock } from '@opennrm/testkit';
import { expect, it } from 'vitest';
import { startConsumer } from '../../../../packages/messaging/src/consumer.ts';
import { applySlice } from '../../../../packages/messaging/src/inbox/apply.ts';
import type { Consuming, Kafka } from '../../../../packages/messaging/src/kafka/port.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import {
  again,
  age,
  basis,
  type FromVault,
  granted,
  registered,
  stream,
  vaultStreams,
} from './vault-streams.fixture.ts';

const { world, arrive, release, skip, rebuild, isQuarantined, treated, statuses, heldAt, ask } =
  vaultStreams();

it('the age of a child that waits is not lost where what follows it fails: they count as a child until it is released, and then', async () => {
  const reference = randomUUID();
  const [r1, r2, r3, r4] = stream(
    registered(reference),
    basis(reference),
    age(reference, 'yes', later(monday, hours(1))),
    basis(reference),
  ) as [Received, Received, Received, Received];
  await arrive([r1]);
  await arrive([r3]);
  const slow = {
    ...vaultSubscription(pack),
    onQuarantine: async () => {
      throw Object.assign(new Error('statement timeout'), { code: '57014' });
    },
  };
  // The gap closes while the database is slow.
  await world().inTransaction((tx) => applySlice(tx, slow, [r2], monday));
  await arrive([r4]);
  const referralId = await ask(reference);
  expect([await treated(referralId), await statuses(referralId)]).toEqual([['unsure'], []]);
  await release(reference);
  expect([await isQuarantined(reference), await treated(referralId)]).toEqual([false, ['yes']]);
  expect(await statuses(referralId)).toEqual([]);
});

async function handedToConsumer(slice: readonly Received[]): Promise<string> {
  let consuming: Consuming | undefined;
  const kafka: Kafka = {
    send: async () => undefined,
    sendSeparately: async () => undefined,
    close: async () => undefined,
    lag: async () => [],
    consume: async (asked) => {
      consuming = asked;
      return { stop: async () => undefined };
    },
  };
  await startConsumer({
    kafka,
    database: world().database,
    group: 'spec',
    subscriptions: [vaultSubscription(pack)],
    clock: manualClock(monday),
    log: createLog('spec', 'silent'),
    fatal: (reason) => {
      throw new Error(reason);
    },
  });
  return (consuming as Consuming)
    .handle(slice, async () => undefined)
    .then(
      () => 'handled',
      () => 'thrown back to Kafka',
    );
}

it.each(['a gap', 'unreadable bytes'])(
  'one message with a key that is no UUID, with %s, does not keep the age of a child from being read',
  async (how) => {
    const reference = randomUUID();
    const referralId = await ask(reference);
    const [second] = stream(registered('case-17')) as [Received];
    const poisoned =
      how === 'a gap'
        ? { ...second, headers: { ...second.headers, ce_sequence: '2' } }
        : { ...second, value: new Uint8Array([255]) };
    const given = await handedToConsumer([
      poisoned,
      ...stream(age(reference, 'yes', later(monday, hours(1)))),
    ]);
    expect([given, await treated(referralId)]).toEqual(['handled', ['yes']]);
  },
);

it('a referral that cannot be reviewed stops nobody else of the partition', async () => {
  const [reference, other] = [randomUUID(), randomUUID()];
  const broken = await ask(reference);
  const referralId = await ask(other);
  // Any fault of the program, or of the row, in the review of one referral.
  await world().database.query(
    `UPDATE referral SET state = jsonb_set(state, '{offers}', 'null') WHERE id = $1`,
    [broken],
  );
  const given = await handedToConsumer([
    ...stream(age(reference, 'yes', later(monday, hours(1)))),
    ...stream(age(other, 'yes', later(monday, hours(1)))),
  ]);
  expect([given, await treated(referralId)]).toEqual(['handled', ['yes']]);
  await world().database.query(
    `UPDATE referral SET state = jsonb_set(state, '{offers}', '[]') WHERE id = $1`,
    [broken],
  );
});

it('a rebuild mends a damaged row also where the last message has a type of a newer version', async () => {
  const reference = randomUUID();
  const all = stream(registered(reference), age(reference, 'yes'), registered(reference));
  const last = all[2] as Received;
  all[2] = {
    ...last,
    headers: { ...last.headers, ce_type: 'opennrm.case_vault.v1.NewInNextVersion' },
  };
  await arrive(all);
  await world().database.query(
    `UPDATE case_basis SET state = state - 'age' WHERE case_reference = $1`,
    [reference],
  );
  await rebuild();
  await arrive(all.map(again));
  const referralId = await ask(reference);
  expect([await isQuarantined(reference), await treated(referralId)]).toEqual([false, ['yes']]);
});

it('a rebuild mends a damaged row also where the last message was given up by an operator', async () => {
  const reference = randomUUID();
  const all = stream(registered(reference), age(reference, 'yes'), registered(reference));
  all[2] = { ...(all[2] as Received), value: new Uint8Array([255]) };
  await arrive(all);
  await skip(reference);
  await world().database.query(
    `UPDATE case_basis SET state = state - 'age' WHERE case_reference = $1`,
    [reference],
  );
  await rebuild();
  await arrive(all.map(again));
  await skip(reference);
  const referralId = await ask(reference);
  expect([await isQuarantined(reference), await treated(referralId)]).toEqual([false, ['yes']]);
});

it('an age of a kind that this version does not know is not full age', async () => {
  const reference = randomUUID();
  const referralId = await ask(reference);
  const event = age(reference, 'presumed', later(monday, hours(1)), 'age-presumed') as FromVault;
  await arrive(stream(event));
  expect((await treated(referralId))[0]).not.toBe('no');
});

it('a rebuild withdraws no offer of a live referral because of a message that was given up before', async () => {
  const reference = randomUUID();
  const all = stream(
    registered(reference),
    granted(reference),
    registered(reference),
    basis(reference),
  );
  all[2] = { ...(all[2] as Received), value: new Uint8Array([255]) };
  await arrive(all.slice(0, 3));
  await skip(reference);
  await arrive(all.slice(3));
  const referralId = await ask(reference);
  await heldAt(referralId);
  const before = await statuses(referralId);
  await rebuild();
  await arrive(all.map(again));
  expect(await statuses(referralId)).toEqual(before);
});

it('a live referral is reviewed when a rebuild replaces what is known, also after an operator gave up a message of it', async () => {
  const reference = randomUUID();
  const all = stream(
    registered(reference),
    registered(reference),
    age(reference, 'yes', later(monday, -hours(1))),
    basis(reference),
  );
  all[1] = { ...(all[1] as Received), value: new Uint8Array([255]) };
  await arrive(all.slice(0, 2));
  await skip(reference);
  await arrive(all.slice(2));
  // The row was damaged: this is why an operator rebuilds.
  await world().database.query(
    `UPDATE case_basis SET state = state - 'age' WHERE case_reference = $1`,
    [reference],
  );
  const referralId = await ask(reference);
  expect(await treated(referralId)).toEqual(['no']);
  await rebuild();
  await arrive(all.slice(0, 2).map(again));
  await skip(reference); // the rest is still on its way
  await arrive(all.slice(2).map(again));
  const { rows } = await world().database.query<{ age: string }>(
    `SELECT state->'age'->>'underEighteen' AS age FROM case_basis WHERE case_reference = $1`,
    [reference],
  );
  expect([rows[0]?.age, await treated(referralId), await statuses(referralId)]).toEqual([
    'yes',
    ['yes'],
    expect.not.arrayContaining(['holding']),
  ]);
});
