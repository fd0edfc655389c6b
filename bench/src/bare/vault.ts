/** The vault's side of the bare pipeline: that somebody was told, in one row. */
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { transaction } from './database.ts';
import { consume } from './kafka.ts';
import { bareTopic, unseen } from './keep.ts';

const SLICE = 64;

await consume([bareTopic('opennrm.referral.case-vault.v1')], SLICE, (topic, slice) =>
  transaction(async (run) => {
    for (const { key, headers } of await unseen(run, topic, slice))
      await run(
        'disclosure',
        `INSERT INTO disclosure (id, at, by_service, service, reference, hold_id, organisation_id, content, purpose, basis)
         VALUES ($1, $2, 'referral', 'referral', $3, $3, $3, 'offer', 'accommodation', 'vital-interest') ON CONFLICT DO NOTHING`,
        [String(headers?.ce_id), Date.now(), String(key)],
      );
  }),
);
await serveLines(Number(setting('PORT')), {});
