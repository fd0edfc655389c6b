/** The saga as a workflow of Restate: each step is stored, and the answer resolves a durable promise. */
import { createServer } from 'node:http2';
import { connectLine } from '../../load/line-client.ts';
import { serveLines } from '../../load/line-server.ts';
import { setting } from '../../load/start.ts';
import { confirmed, offer } from '../saga-steps.ts';
import { openIngress, registerDeployment } from './calls.ts';
import { loadSdk } from './sdk.ts';

const ANSWER = 'answer';
const beds = await connectLine(Number(setting('BEDS_PORT')));
const sdk = await loadSdk(setting('SDK_MODULE'));

const saga = sdk.workflow({
  name: 'saga',
  handlers: {
    run: async (context) => {
      const id = context.key;
      await context.run('hold', () => beds.ask('hold', { id }));
      await context.run('offer', () => offer(id));
      await context.promise<string>(ANSWER);
      await context.run('confirm', () => beds.ask('confirm', { id }));
      await context.run('confirmed', () => confirmed(id));
    },
    accept: (context) => context.promise<string>(ANSWER).resolve('yes'),
  },
});

const port = Number(setting('ENDPOINT_PORT'));
const endpoint = createServer(sdk.createEndpointHandler({ services: [saga] }));
await new Promise<void>((resolve) => endpoint.listen(port, '127.0.0.1', resolve));
await registerDeployment(setting('ADMIN_URL'), `http://127.0.0.1:${port}`);
const send = openIngress(setting('INGRESS_URL'));
await serveLines(Number(setting('PORT')), {
  request: ({ id }) => send(`/saga/${String(id)}/run/send`),
  accept: ({ id }) => send(`/saga/${String(id)}/accept/send`),
});
