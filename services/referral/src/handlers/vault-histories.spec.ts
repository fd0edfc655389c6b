import { randomUUID } from 'node:crypto';
import type { Received } from '@opennrm/messaging';
import { after as later, minutes } from '@opennrm/runtime/decision';
import { expect, it } from 'vitest';
import type { RecordedAge } from '../domain/matching/basis.ts';
import { monday } from '../domain/saga.fixture.ts';
import {
  again,
  age,
  basis,
  granted,
  registered,
  stream,
  vaultStreams,
  withdrawn,
} from './vault-streams.fixture.ts';

const { world, arrive, rebuild, ask, acknowledgements } = vaultStreams();

function randomOf(seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return { below: (n: number) => Math.floor(next() * n), chance: (p: number) => next() < p };
}

const kinds = ['yes', 'no', 'unsure'] as const;

async function run(seed: number): Promise<void> {
  const { below, chance } = randomOf(seed);
  const [a, b] = [randomUUID(), randomUUID()] as [string, string];
  const permissionId = randomUUID();
  let minute = -60;
  const ages = Array.from({ length: 2 + below(3) }, () => {
    minute += 20 + below(40);
    return { underEighteen: kinds[below(3)] ?? 'no', at: later(monday, minutes(minute)) };
  });
  const eventsOf = (key: string, other?: string) => [
    ...(other ? [registered(key, other)] : [registered(key)]),
    basis(key),
    ...(other ? [] : [granted(key, permissionId)]),
    ...ages.map((one) => age(key, one.underEighteen, one.at)),
    ...(other ? [] : [withdrawn(key, permissionId)]),
  ];
  const streams = new Map([
    [a, eventsOf(a)],
    [b, eventsOf(b, a)],
  ]);
  const messages = new Map([...streams].map(([key, events]) => [key, stream(...events)]));
  const cursor = new Map([
    [a, 0],
    [b, 0],
  ]);
  const applied = new Map([
    [a, 0],
    [b, 0],
  ]);
  let since = new Map<string, Set<number>>([
    [a, new Set()],
    [b, new Set()],
  ]);
  let referralId: string | undefined;
  const stated = kinds[below(3)] ?? 'no';
  const trace: string[] = [
    `${stated} ${JSON.stringify(ages.map((one) => [one.underEighteen, (one.at - monday) / 60_000]))}`,
  ];

  const deliver = async (slice: [string, number][]) => {
    trace.push(`deliver ${slice.map(([key, n]) => `${key === a ? 'a' : 'b'}${n}`)}`);
    await arrive(slice.map(([key, n]) => again((messages.get(key) ?? [])[n - 1] as Received)));
    for (const [key, n] of slice) since.get(key)?.add(n);
    for (const key of [a, b]) {
      let at = cursor.get(key) ?? 0;
      while (since.get(key)?.has(at + 1)) at++;
      cursor.set(key, at);
      applied.set(key, Math.max(applied.get(key) ?? 0, at));
    }
  };
  const check = async () => {
    if (!referralId) return;
    const isLinked = (applied.get(b) ?? 0) >= 1;
    const refs = isLinked ? [a, b] : [a];
    const known: RecordedAge[] = refs.flatMap((key) =>
      (streams.get(key) ?? []).slice(0, applied.get(key)).flatMap((event) =>
        event.$case === 'ageChanged'
          ? [
              {
                underEighteen: event.value.underEighteen as RecordedAge['underEighteen'],
                at: event.value.recordedAt?.getTime() as RecordedAge['at'],
              },
            ]
          : [],
      ),
    );
    const newest = known.sort((x, y) => y.at - x.at)[0];
    const { rows } = await world().database.query<{ key: string }>(
      `SELECT key FROM quarantine WHERE reason <> 'rebuild' AND key = ANY ($1)`,
      [refs],
    );
    const state = await world().stateOf(referralId);
    // The oracle: the newest record, but full age up to the request yields to its statement, and an unread message is a doubt.
    const isOlder =
      newest === undefined ||
      (newest.underEighteen === 'no' && newest.at <= state.requestedAt + 5_000);
    const certain = isOlder ? stated : newest.underEighteen;
    const expected = certain === 'no' && rows.length > 0 ? 'unsure' : certain;
    expect([seed, ...trace, state.party[0]?.underEighteen]).toEqual([seed, ...trace, expected]);
    if (expected !== 'no')
      expect(
        state.offers.filter(({ status }) =>
          ['holding', 'open', 'softened', 'standby', 'confirming'].includes(status),
        ),
      ).toEqual([]);
  };
  for (let step = 0; step < 14; step++) {
    if (!referralId && chance(0.3)) {
      trace.push('ask');
      referralId = await ask(a, stated);
    } else if (chance(0.12)) {
      trace.push('rebuild');
      await rebuild();
      since = new Map([
        [a, new Set()],
        [b, new Set()],
      ]);
      cursor.set(a, 0);
      cursor.set(b, 0);
    } else {
      const slice = Array.from({ length: 1 + below(4) }, (): [string, number] => {
        const key = chance(0.5) ? a : b;
        const last = messages.get(key)?.length ?? 0;
        const n = chance(0.7) ? (cursor.get(key) ?? 0) + 1 + below(2) : 1 + below(last);
        return [key, Math.min(last, n)];
      });
      await deliver(slice);
    }
    await check();
  }
  for (const key of [a, b])
    for (let n = (cursor.get(key) ?? 0) + 1; n <= (messages.get(key)?.length ?? 0); n++)
      await deliver([[key, n]]);
  await check();
  expect([
    seed,
    (await world().database.query('SELECT 1 FROM quarantine WHERE key = ANY ($1)', [[a, b]])).rows
      .length,
  ]).toEqual([seed, 0]);
  expect([seed, ...trace, await acknowledgements(a)]).toEqual([seed, ...trace, 1]);
}

it('whatever the order, the newest age counts, nothing is acknowledged twice, and every doubt ends', async () => {
  // The same few histories by default; `FC_RUNS` tries more.
  const histories = Number(process.env.FC_RUNS ?? 15);
  for (let seed = 1; seed <= histories; seed++) await run(seed);
});
