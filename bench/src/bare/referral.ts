/** The referral's side of the bare pipeline: the rows of a referral of the platform, without gRPC, rules, or anything that decides. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { serveLines } from '../load/line-server.ts';
import { setting } from '../load/start.ts';
import { type Run, retried, transaction } from './database.ts';
import { consume } from './kafka.ts';
import { bareTopic, type Keys, keep, unseen } from './keep.ts';
import { startRelay } from './relay.ts';
import type { Shape, Step } from './shape.ts';

const SLICE = 64;
const shape = JSON.parse(readFileSync(setting('SHAPE'), 'utf8')) as Shape;
const services = setting('PROVIDERS').split(',');
const wake = await startRelay();

const once = (run: Run, rpc: string, key: string) =>
  run('answered-find', 'SELECT response FROM answered_commands WHERE organisation = $1 AND rpc = $2 AND key = $3', [
    ...[services[0], rpc, key],
  ]);
const answered = (run: Run, rpc: string, key: string) =>
  run(
    'answered',
    'INSERT INTO answered_commands (organisation, rpc, key, request_hash, response) VALUES ($1, $2, $3, $4, $5)',
    [services[0], rpc, key, Buffer.alloc(32), Buffer.alloc(60)],
  );

const offer = (run: Run, { referral, hold, service }: Keys, status: string) =>
  run(
    'offer',
    `INSERT INTO offer (offer_id, referral_id, organisation_id, service_id, status, open, version, made_at, view) VALUES ($1, $2, $3, $3, $4, $5, 1, $6, $7)
     ON CONFLICT (offer_id) DO UPDATE SET status = excluded.status, open = excluded.open, version = offer.version + 1, view = excluded.view`,
    [hold, referral, service, status, status === 'open', Date.now(), shape.offerView],
  );

async function request(referral: string, nth: number): Promise<void> {
  const keys = { referral, hold: randomUUID(), service: services[nth % services.length] ?? '' };
  await retried(async (run) => {
    await once(run, 'request', referral);
    await run('case', `INSERT INTO case_basis (case_reference, state) VALUES ($1, '{}')`, [referral]);
    await run('case-lock', 'SELECT 1 FROM case_basis WHERE case_reference = $1 FOR UPDATE', [referral]);
    await run(
      'referral',
      `INSERT INTO referral (id, owner_org, version, generation, state, stage, urgency, requested_at) VALUES ($1, $2, 1, 1, $3, 'searching', 0, $4)`,
      [referral, services[0], shape.referralState, Date.now()],
    );
    await run('referral-case', 'INSERT INTO referral_case (case_reference, referral_id) VALUES ($1, $1)', [referral]);
    await offer(run, keys, 'holding');
    await keep(run, 'referral', referral, 1, shape.request, keys);
    await answered(run, 'request', referral);
  });
  wake();
}

/** The row of the referral behind an offer is locked, written again as a whole, and its offer with it. */
async function change(run: Run, hold: string, step: Step, stage: string, ...statuses: string[]): Promise<void> {
  const found = await run('offer-of', 'SELECT referral_id, service_id FROM offer WHERE offer_id = $1', [hold]);
  const { referral_id: referral, service_id: service } = found.rows[0] as { referral_id: string; service_id: string };
  const { rows } = await run('lock', 'SELECT version, state FROM referral WHERE id = $1 FOR UPDATE', [referral]);
  const version = (rows[0] as { version: number }).version + 1;
  await run('update', 'UPDATE referral SET version = $2, generation = $2, state = $3, stage = $4 WHERE id = $1', [
    referral,
    version,
    shape.referralState,
    stage,
  ]);
  for (const status of statuses) await offer(run, { referral, hold, service }, status);
  await keep(run, 'referral', referral, version, step, { referral, hold, service });
}

async function accept(hold: string): Promise<void> {
  await retried(async (run) => {
    await once(run, 'accept', hold);
    await change(run, hold, shape.accept, 'confirming', 'accepted', 'confirming');
    await answered(run, 'accept', hold);
  });
  wake();
}

async function hint(run: Run, service: string): Promise<void> {
  await run('hint-lock', 'SELECT free FROM capacity_hint WHERE service_id = $1 FOR UPDATE', [service]);
  await run(
    'hint',
    `INSERT INTO capacity_hint (service_id, unit_kind, free, as_of) VALUES ($1, 'bed', 1, $2) ON CONFLICT (service_id) DO UPDATE SET as_of = $2`,
    [service, Date.now()],
  );
}

await consume([bareTopic('opennrm.shelter-capacity.referral.v1')], SLICE, async (topic, slice) => {
  await transaction(async (run) => {
    for (const { key, headers } of await unseen(run, topic, slice)) {
      const type = String(headers?.ce_type);
      if (type.endsWith('CapacityChanged')) await hint(run, String(key));
      else if (type.endsWith('UnitHeld')) await change(run, String(key), shape.held, 'offered', 'open');
      else await change(run, String(key), shape.confirmed, 'awaiting-person', 'confirmed');
    }
  });
  wake();
});
await serveLines(Number(setting('PORT')), {
  request: ({ id, nth }) => request(String(id), Number(nth)),
  accept: ({ offer: hold }) => accept(String(hold)),
});
