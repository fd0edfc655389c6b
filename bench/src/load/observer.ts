import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Target } from './job.ts';
import type { Sagas } from './sagas.ts';
import type { SeenOffer } from './system.ts';

const FEW = 40;
const OFTEN_MS = 4;
const SELDOM_MS = 20;

/**
 * Queries, on one connection, only for the sagas in progress: every 4 ms when they are few, every 20 ms in a flood. This is the same for
 * every system. It adds half of the interval on average, and costs the database one look-up by key.
 */
export async function observe(target: Target, sagas: Sagas): Promise<{ stop(): Promise<void> }> {
  const client = new pg.Client({
    connectionString: target.databaseUrl,
    application_name: 'bench observer',
  });
  await client.connect();
  let watching = true;
  const look = async (): Promise<void> => {
    const [toOffer, toConfirm] = [sagas.awaitingOffer(), sagas.awaitingConfirmation()];
    if (toOffer.length > 0) {
      const query = { name: 'offers', text: target.offersSql, values: [toOffer] };
      const { rows } = await client.query<SeenOffer>(query);
      const at = performance.now();
      for (const row of rows) sagas.offered(row, at);
    }
    if (toConfirm.length > 0) {
      const query = { name: 'confirmed', text: target.confirmedSql, values: [toConfirm] };
      const { rows } = await client.query<{ id: string }>(query);
      const at = performance.now();
      for (const { id } of rows) sagas.confirmed(id, at);
    }
  };
  const watched = (async () => {
    while (watching) {
      await look();
      await pause(sagas.inFlight > FEW ? SELDOM_MS : OFTEN_MS);
    }
  })();
  return {
    async stop() {
      watching = false;
      await watched;
      await client.end();
    },
  };
}
