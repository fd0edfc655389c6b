/** The shelter side of the naive peer. */
import { consumeEach } from '../bare/kafka.ts';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { confirm, hold } from './beds.ts';
import { commitThenPublish, pollEachSecond } from './naive-messages.ts';

const TO_REFERRAL = 'naive.shelter.referral';

await consumeEach('naive.referral.shelter', (type, id) =>
  type === 'HoldRequested'
    ? commitThenPublish(TO_REFERRAL, id, 'BedHeld', (also) => hold(id, also))
    : commitThenPublish(TO_REFERRAL, id, 'BedConfirmed', (also) => confirm(id, also)),
);
pollEachSecond();
await serveLines(Number(setting('PORT')), {});
