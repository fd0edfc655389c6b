/** The referral side of the naive peer: eachMessage, publish after commit, poll each second. */
import { retried } from '../bare/database.ts';
import { consumeEach } from '../bare/kafka.ts';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { commitThenPublish, pollEachSecond } from './naive-messages.ts';

const TO_SHELTER = 'naive.referral.shelter';
const stage = (id: string, name: string) =>
  retried(
    async (run) =>
      void (await run('stage', 'UPDATE saga SET stage = $2 WHERE id = $1', [id, name])),
  );

await consumeEach('naive.shelter.referral', (type, id) =>
  stage(id, type === 'BedHeld' ? 'offered' : 'confirmed'),
);
pollEachSecond();
await serveLines(Number(setting('PORT')), {
  request: ({ id }) =>
    commitThenPublish(TO_SHELTER, String(id), 'HoldRequested', (also) =>
      retried(async (run) => {
        await run('request', `INSERT INTO saga (id, stage) VALUES ($1, 'searching')`, [id]);
        await also(run);
      }),
    ),
  accept: ({ id }) =>
    commitThenPublish(TO_SHELTER, String(id), 'ConfirmRequested', (also) =>
      retried(async (run) => {
        await run('accept', `UPDATE saga SET stage = 'confirming' WHERE id = $1`, [id]);
        await also(run);
      }),
    ),
});
