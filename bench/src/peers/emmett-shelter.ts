/** The shelter side with emmett. */

import { connectLine } from '../load/line-client.ts';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { append, openStore, react } from './emmett-store.ts';

const shelterOf = (id: string): number => Number.parseInt(id.slice(0, 6), 16) % 75;

const store = openStore(['BedHeld', 'HoldConfirmed'], (client, { type, data: { id } }) =>
  type === 'BedHeld'
    ? client.query('UPDATE shelter SET free = free - 1 WHERE id = $1 AND free > 0', [shelterOf(id)])
    : Promise.resolve(),
);
await store.schema.migrate();
let referral: Awaited<ReturnType<typeof connectLine>> | undefined;
await serveLines(Number(setting('PORT')), {
  hold: ({ id }) => append(store, `hold-${String(id)}`, 'BedHeld', String(id), 0),
  confirm: ({ id }) => append(store, `hold-${String(id)}`, 'HoldConfirmed', String(id), 1),
  meet: async ({ port }) => {
    referral = await connectLine(Number(port));
    react('to-referral', ['BedHeld', 'HoldConfirmed'], ({ type, data: { id } }) =>
      (referral as NonNullable<typeof referral>).ask(type === 'BedHeld' ? 'held' : 'confirmed', {
        id,
      }),
    );
  },
});
