import { randomUUID } from 'node:crypto';
import type { Received } from '@opennrm/messaging';
import { hours, after as later } from '@opennrm/runtime/decision';
import { expect, it, vi } from 'vitest';
import { applySlice } from '../../../../packages/messaging/src/inbox/apply.ts';
import { monday, pack } from '../domain/saga.fixture.ts';
import { vaultSubscription } from '../inbound/consumed.ts';
import { callOf } from '../outbound/referral-database.fixture.ts';
import * as requests from './requests.ts';
import { age, registered, stream, vaultStreams } from './vault-streams.fixture.ts';

const { world, arrive, treated, statuses, isQuarantined } = vaultStreams();

const pending = async (referralId: string) =>
  (await statuses(referralId)).filter((status) => !status.startsWith('withdrawn'));

const party = async () => {
  const [a, b, other] = [randomUUID(), randomUUID(), randomUUID()];
  await arrive(stream(registered(a)));
  const ofB = stream(registered(b, a), age(b, 'yes', later(monday, hours(1))), registered(b, a));
  await arrive([ofB[0] as Received]);
  const asked = await world().requestEmergency(monday, 2, { under: [other, a] });
  const { party: members } = await world().stateOf(asked.referralId);
  return { a, b, ofB, asked, leaving: members[1]?.memberId ?? '' };
};

/** The member leaves; before this transaction commits, messages about another reference of the person arrive. */
async function leavesWhile(
  { asked, leaving }: Awaited<ReturnType<typeof party>>,
  slice: readonly Received[],
): Promise<string> {
  let arriving: Promise<unknown> | undefined;
  const given = await world().inTransaction(async (tx) => {
    const left = await requests.withdraw(
      tx,
      pack,
      asked.referralId,
      { memberId: leaving, code: 'own-wish' },
      asked.call,
    );
    let done = false;
    arriving = arrive(slice).finally(() => {
      done = true;
    });
    await vi.waitFor(
      async () => {
        const { rows } = await world().database.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        expect(rows.length > 0 || done).toBe(true);
      },
      { timeout: 20_000, interval: 20 },
    );
    return left;
  });
  await arriving;
  if (given.kind !== 'answer') throw new Error('refused');
  return given.response.memberReferralId;
}

it('a member who leaves is a child in their own referral where the age arrives at the same moment under their other reference', async () => {
  const one = await party();
  const own = await leavesWhile(one, [one.ofB[1] as Received]);
  expect([await treated(own), await pending(own)]).toEqual([['yes'], []]);
});

it('a member who leaves counts as in doubt in their own referral where a message under their other reference begins to wait at the same moment', async () => {
  const one = await party();
  const own = await leavesWhile(one, [one.ofB[2] as Received]); // the age (2) is missing
  expect(await isQuarantined(one.b)).toBe(true);
  expect([await treated(own), await pending(own)]).toEqual([['unsure'], []]);
});

it('a slice with a message that cannot be read never makes a request fail by a deadlock', async () => {
  const failures: string[] = [];
  const vault = vaultSubscription(pack);
  const race = async () => {
    const [x, y] = [randomUUID(), randomUUID()].sort() as [string, string];
    await world().requestEmergency(monday, 1, { under: [y] });
    const readable = stream(registered(y), registered(y));
    const poisoned = { ...(stream(registered(x))[0] as Received), value: new Uint8Array([255]) };
    const slice = [...readable, poisoned];
    const codeOf = (from: string) => (error: { code?: string; message: string }) =>
      void failures.push(`${from} ${error.code ?? error.message}`);
    await Promise.all([
      world()
        .inTransaction((tx) => applySlice(tx, vault, slice, monday))
        .catch(codeOf('consumer')),
      world()
        .requestEmergency(monday, 2, { under: [x, y], call: callOf(monday) })
        .catch(codeOf('request')),
    ]);
  };
  for (let round = 0; round < 10; round++) await Promise.all([race(), race(), race(), race()]);
  expect(failures.filter((one) => one.includes('40P01'))).toEqual([]);
});
