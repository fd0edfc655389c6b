/** The shelter's side of the bare pipeline. */
import { readFileSync } from 'node:fs';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { type Run, transaction } from './database.ts';
import { consume, type Slice } from './kafka.ts';
import { bareTopic, keep, unseen } from './keep.ts';
import { startRelay } from './relay.ts';
import type { Shape, Step } from './shape.ts';

const SLICE = 64;
const shape = JSON.parse(readFileSync(setting('SHAPE'), 'utf8')) as Shape;
const services = setting('PROVIDERS').split(',');
const wake = await startRelay();

/** The provider's row is locked and written again; the unit is left and taken; both are journaled. */
async function change(run: Run, hold: string, provider: string, step: Step): Promise<void> {
  const { rows } = await run('lock', 'SELECT version, state FROM provider WHERE id = $1 FOR UPDATE', [provider]);
  const version = (rows[0] as { version: number }).version + 1;
  await run('update', 'UPDATE provider SET version = $2, generation = $2, state = $3 WHERE id = $1', [
    ...[provider, version, shape.providerState],
  ]);
  await run('hold', 'INSERT INTO hold_provider (hold_id, provider_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    ...[hold, provider],
  ]);
  await run('leave', 'DELETE FROM occupancy WHERE hold_id = $1', [hold]);
  await run('take', 'INSERT INTO occupancy (unit_id, hold_id, provider_id) VALUES ($1::uuid::text, $1, $2)', [
    ...[hold, provider],
  ]);
  await keep(run, 'provider', provider, version, step, { referral: hold, hold, service: provider });
}

const providerOf = async (run: Run, hold: string): Promise<string> => {
  const { rows } = await run('provider-of', 'SELECT provider_id FROM hold_provider WHERE hold_id = $1', [hold]);
  return (rows[0] as { provider_id: string } | undefined)?.provider_id ?? '';
};

/** Spread over the providers by the hold's own id. */
const chosen = (hold: string): string => services[Number.parseInt(hold.slice(0, 6), 16) % services.length] ?? '';

/** Partitions are read side by side, and a slice of each names several providers: without one order they would wait for one another. */
const lockInOrder = (run: Run, slice: Slice) =>
  run('lock-all', 'SELECT 1 FROM provider WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE', [
    slice.map(({ key }) => chosen(String(key))),
  ]);

await consume([bareTopic('opennrm.referral.shelter-capacity.v1')], SLICE, async (topic, slice) => {
  await transaction(async (run) => {
    const fresh = await unseen(run, topic, slice);
    await lockInOrder(run, fresh);
    for (const { key, headers } of fresh) {
      const hold = String(key);
      if (String(headers?.ce_type).endsWith('HoldRequested')) {
        await run('of-service', 'SELECT provider_id FROM service_provider WHERE service_id = $1', [chosen(hold)]);
        await change(run, hold, chosen(hold), shape.hold);
      } else await change(run, hold, await providerOf(run, hold), shape.confirm);
    }
  });
  wake();
});
await serveLines(Number(setting('PORT')), {});
