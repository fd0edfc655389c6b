/** The shelter's side of the limit. */
import { serveLines } from '../../load/line-server.ts';
import { setting } from '../../load/start.ts';
import { transaction } from '../database.ts';
import { consume, type Slice } from '../kafka.ts';
import { startRelay } from '../relay.ts';

const SLICE = 500;
const wake = await startRelay();
const state = Buffer.from(JSON.stringify({ filler: 'x'.repeat(300) }));

const holdsOf = (slice: Slice, type: string): string[] =>
  slice.filter(({ headers }) => String(headers?.ce_type) === type).map(({ key }) => String(key));

/** A hold takes a bed of the shelter that its id falls to; a confirmation changes the hold. */
const statements = {
  HoldRequested: {
    says: 'BedHeld',
    sql: `taken AS (UPDATE shelter SET free = free - t.count FROM (SELECT ('x' || left(key::text, 6))::bit(24)::int % 75 AS id, count(*)::int AS count FROM fresh GROUP BY 1) t
                    WHERE shelter.id = t.id RETURNING shelter.id),
          held AS (INSERT INTO hold (id, shelter, stage) SELECT key, ('x' || left(key::text, 6))::bit(24)::int % 75, 'held' FROM fresh RETURNING id)`,
  },
  ConfirmRequested: {
    says: 'BedConfirmed',
    sql: `held AS (UPDATE hold SET stage = 'confirmed' FROM fresh WHERE hold.id = fresh.key RETURNING hold.id)`,
  },
} as const;

const SHELTERS = `SELECT 1 FROM shelter WHERE id IN (SELECT ('x' || left(h::text, 6))::bit(24)::int % 75 FROM unnest($1::uuid[]) AS h)
                  ORDER BY id FOR UPDATE`;

await consume(['set.referral.shelter'], SLICE, async (_topic, slice) => {
  await transaction(async (run) => {
    for (const [type, { says, sql }] of Object.entries(statements)) {
      const holds = holdsOf(slice, type);
      if (holds.length === 0) continue;
      // In the order of their ids: two sets that take beds of the same shelters would wait for each other.
      if (type === 'HoldRequested') await run('shelters', SHELTERS, [holds]);
      await run(
        `on-${type}`,
        `WITH fresh AS (INSERT INTO inbox (key, type) SELECT h, '${type}' FROM unnest($1::uuid[]) AS h ON CONFLICT DO NOTHING RETURNING key),
         ${sql},
         written AS (INSERT INTO journal (id, saga, type, topic, key, sequence, value)
           SELECT gen_random_uuid(), id, '${says}', 'set.shelter.referral', id::text, $2, $3 FROM held RETURNING position)
         INSERT INTO outbox (position) SELECT position FROM written`,
        [holds, type === 'HoldRequested' ? 1 : 2, state],
      );
    }
  });
  wake();
});
await serveLines(Number(setting('PORT')), {});
