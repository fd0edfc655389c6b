/** The saga as a DBOS workflow: each step is checkpointed, and the answer is a durable message. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { connectLine } from '../load/line-client.ts';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { confirmed, offer } from './saga-steps.ts';

const beds = await connectLine(Number(setting('BEDS_PORT')));
const ANSWER = 'answer';
const WAIT_SECONDS = 600;

const saga = DBOS.registerWorkflow(
  async (id: string): Promise<void> => {
    await DBOS.runStep(() => beds.ask('hold', { id }), { name: 'hold' });
    await DBOS.runStep(() => offer(id), { name: 'offer' });
    await DBOS.recv<string>(ANSWER, WAIT_SECONDS);
    await DBOS.runStep(() => beds.ask('confirm', { id }), { name: 'confirm' });
    await DBOS.runStep(() => confirmed(id), { name: 'confirmed' });
  },
  { name: 'saga' },
);

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: setting('SYSTEM_DATABASE_URL'),
  logLevel: 'error',
});
await DBOS.launch();
await serveLines(Number(setting('PORT')), {
  request: async ({ id }) =>
    void (await DBOS.startWorkflow(saga, { workflowID: String(id) })(String(id))),
  accept: ({ id }) => DBOS.send(String(id), 'yes', ANSWER, `yes-${id}`),
});
