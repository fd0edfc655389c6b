/** The referral side with emmett: a stream for each saga, the offers as an inline projection, and a reactor that notifies the shelter. */

import { connectLine } from '../load/line-client.ts';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { append, openStore, react } from './emmett-store.ts';

const TYPES = ['HoldRequested', 'OfferMade', 'ConfirmRequested', 'BedConfirmed'];
const STAGES: Readonly<Record<string, string>> = {
  OfferMade: 'offered',
  BedConfirmed: 'confirmed',
};

const store = openStore(TYPES, (client, { type, data: { id } }) =>
  client.query(
    'INSERT INTO saga (id, stage) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET stage = excluded.stage',
    [id, STAGES[type] ?? 'waiting'],
  ),
);
await store.schema.migrate();
const stream = (id: unknown): string => `referral-${String(id)}`;
await serveLines(Number(setting('PORT')), {
  request: ({ id }) => append(store, stream(id), 'HoldRequested', String(id), 0),
  held: ({ id }) => append(store, stream(id), 'OfferMade', String(id), 1),
  accept: ({ id }) => append(store, stream(id), 'ConfirmRequested', String(id), 2),
  confirmed: ({ id }) => append(store, stream(id), 'BedConfirmed', String(id), 3),
});
const shelter = await connectLine(Number(setting('OTHER_PORT')));
react('to-shelter', ['HoldRequested', 'ConfirmRequested'], ({ type, data: { id } }) =>
  shelter.ask(type === 'HoldRequested' ? 'hold' : 'confirm', { id }),
);
