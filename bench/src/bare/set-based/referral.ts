/** The limit: requests and messages in sets, one small row each, nothing decided one by one. */
import { randomUUID } from 'node:crypto';
import { serveLines } from '../../load/line-server.ts';
import { setting } from '../../load/start.ts';
import { type Run, transaction } from '../database.ts';
import { consume, type Slice } from '../kafka.ts';
import { startRelay } from '../relay.ts';
import { inSets } from './in-sets.ts';

const SLICE = 500;
const wake = await startRelay();
const state = JSON.stringify({ filler: 'x'.repeat(300) });

/** Journal and outbox of many referrals at once. */
const tell = (run: Run, type: string, referrals: readonly string[], holds: readonly string[], sequence: number) =>
  run(
    `tell-${type}`,
    `WITH written AS (
       INSERT INTO journal (id, saga, type, topic, key, sequence, value)
       SELECT gen_random_uuid(), s, '${type}', 'set.referral.shelter', h::text, $3, $4 FROM unnest($1::uuid[], $2::uuid[]) AS r (s, h) RETURNING position)
     INSERT INTO outbox (position) SELECT position FROM written`,
    [referrals, holds, sequence, Buffer.from(state)],
  );

const request = inSets<string>((referrals) =>
  transaction(async (run) => {
    const holds = referrals.map(() => randomUUID());
    await run(
      'request',
      `INSERT INTO saga (id, hold, stage, state) SELECT s, h, 'searching', $3 FROM unnest($1::uuid[], $2::uuid[]) AS r (s, h)`,
      [referrals, holds, state],
    );
    await tell(run, 'HoldRequested', referrals, holds, 1);
  }).then(wake),
);

const accept = inSets<string>((referrals) =>
  transaction(async (run) => {
    const { rows } = await run(
      'accept',
      `UPDATE saga SET stage = 'confirming', state = $2 WHERE id = ANY ($1::uuid[]) RETURNING id, hold`,
      [referrals, state],
    );
    const found = rows as { id: string; hold: string }[];
    await tell(
      run,
      'ConfirmRequested',
      found.map(({ id }) => id),
      found.map(({ hold }) => hold),
      2,
    );
  }).then(wake),
);

const holdsOf = (slice: Slice, type: string): string[] =>
  slice.filter(({ headers }) => String(headers?.ce_type) === type).map(({ key }) => String(key));

await consume(['set.shelter.referral'], SLICE, (_topic, slice) =>
  transaction(async (run) => {
    for (const [type, stage] of [
      ['BedHeld', 'offered'],
      ['BedConfirmed', 'confirmed'],
    ] as const) {
      const holds = holdsOf(slice, type);
      if (holds.length === 0) continue;
      await run(
        `on-${type}`,
        `WITH fresh AS (INSERT INTO inbox (key, type) SELECT h, '${type}' FROM unnest($1::uuid[]) AS h ON CONFLICT DO NOTHING RETURNING key),
         changed AS (UPDATE saga SET stage = '${stage}', state = $2 FROM fresh WHERE hold = fresh.key RETURNING id)
         INSERT INTO journal (id, saga, type, value) SELECT gen_random_uuid(), id, '${type}', $3 FROM changed`,
        [holds, state, Buffer.from(state)],
      );
    }
  }),
);
await serveLines(Number(setting('PORT')), {
  request: ({ id }) => request(String(id)),
  accept: ({ id }) => accept(String(id)),
});
