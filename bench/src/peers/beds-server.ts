/** Serves the beds to a peer that calls them. */
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { confirm, hold } from './beds.ts';

await serveLines(Number(setting('PORT')), {
  hold: ({ id }) => hold(String(id)),
  confirm: ({ id }) => confirm(String(id)),
});
