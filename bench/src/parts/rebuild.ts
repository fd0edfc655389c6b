import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { kafkaOnKafkajs, replay } from '@opennrm/messaging';
import { createLog, openDatabase } from '@opennrm/runtime';
import pg from 'pg';
import { rebuildOfFirstVersion } from '../first-version/rebuild.ts';
import { startReferralPlatform } from '../platform/referral-platform.ts';
import { notMeasured, type ValueOrReason } from '../report/ratio.ts';
import { rowsOf, slopeTo } from '../rows.ts';
import { settle } from '../servers.ts';
import type { Bench } from './part.ts';

const CHUNK = 5_000;
const PLATFORM = '00000000-0000-0000-0000-000000000000';
const DAY_MS = 86_400_000;
const topic = topics.caseVaultForReferral;

/** A rebuild now, beside its rows alone and beside the rebuild of 0.1.0 in the same run. */
export async function measureRebuild(bench: Bench): Promise<void> {
  const { options, measurements, printLine } = bench;
  const now = await rebuildNow(bench);
  const first = await rebuildOfFirstVersion(options.quick, printLine);
  const firstOr = (read: (perSecond: number) => number): ValueOrReason =>
    'reason' in first ? notMeasured(first.reason) : { value: read(first.perSecond) };
  measurements.add({
    part: 'rebuild',
    what: 'rebuild of 0.1.0: events applied',
    unit: 'events/s',
    ...firstOr((perSecond) => perSecond),
  });
  measurements.add({
    part: 'rebuild',
    what: 'rebuild / rebuild of 0.1.0',
    unit: '×',
    aim: { side: 'at least', limit: 5 },
    ...firstOr((perSecond) => now / perSecond),
  });
  printLine(
    'reason' in first
      ? `rebuild of 0.1.0 not measured: ${first.reason}`
      : `rebuild of 0.1.0: ${first.perSecond} events a second`,
  );
}

/**
 * `npm run ops -- rebuild` of what `referral` knows of cases: the projection is emptied, sent again from the vault's journal and applied
 * again. @returns events applied a second.
 */
async function rebuildNow(bench: Bench): Promise<number> {
  const { options, servers, measurements, printLine } = bench;
  const count = options.quick ? 10_000 : 100_000;
  const referralPlatform = await startReferralPlatform(servers, printLine);
  try {
    const referral = referralPlatform.platform.service('referral');
    const vault = referralPlatform.platform.service('case-vault');
    await referral.process.stop();
    await fillJournal(vault.ownerUrl, count);
    await settle(servers);
    for (const sql of ['DELETE FROM case_basis', 'DELETE FROM inbox WHERE topic = $1'])
      await rowsOf(referral.ownerUrl, sql, sql.includes('$1') ? [topic.name] : []);
    const kafka = kafkaOnKafkajs({
      brokers: servers.kafka.brokers,
      clientId: 'bench',
      log: createLog('bench', 'error'),
    });
    const database = openDatabase(vault.serviceUrl, { name: 'bench' });
    await replay(database, kafka, { topic: topic.name });
    await Promise.all([kafka.close(), database.close()]);
    const rebuilt = slopeTo(
      referral.ownerUrl,
      'SELECT count(*)::int AS count FROM inbox WHERE topic = $1 AND last > 0',
      [topic.name],
      count,
    );
    await referral.process.start();
    const { perSecond } = await rebuilt;
    const limit = await bareRebuild(servers.postgres.adminUrl, count);
    measurements.add({
      part: 'rebuild',
      what: 'rebuild of a projection: events applied',
      value: perSecond,
      unit: 'events/s',
      aim: { side: 'at least', limit: 20_000 },
    });
    measurements.add({
      part: 'rebuild',
      what: 'inbox and rows alone, in sets of 64',
      value: limit,
      unit: 'events/s',
    });
    measurements.add({
      part: 'rebuild',
      what: 'rebuild / sets of 64',
      value: perSecond / limit,
      unit: '×',
    });
    printLine(`rebuild ${perSecond} events a second; bare sets of 64: ${Math.round(limit)}`);
    return perSecond;
  } finally {
    await referralPlatform.stop();
  }
}

/** A legal basis for each of many cases, as the vault would have recorded it. */
async function fillJournal(ownerUrl: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`DELETE FROM outbox`);
  for (let from = 0; from < count; from += CHUNK) {
    const references = Array.from({ length: Math.min(CHUNK, count - from) }, () => randomUUID());
    await client.query({
      name: 'fill',
      text: `INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_organisation, author_role, type, topic, key, sequence, epoch, value)
             SELECT gen_random_uuid(), 'case_file', k, 1, $1, $2, 'system', 'opennrm.case_vault.v1.BasisRecorded', $3, k::text, 1, 1, v
             FROM unnest($4::uuid[], $5::bytea[]) AS r (k, v)`,
      values: [Date.now(), PLATFORM, topic.name, references, references.map(basisRecorded)],
    });
  }
  await client.end();
}

function basisRecorded(caseReference: string): Buffer {
  const [validFrom, validUntil] = [new Date(), new Date(Date.now() + DAY_MS)];
  const value = {
    caseReference,
    basisId: randomUUID(),
    code: 'vital-interest',
    purpose: 'accommodation',
    validFrom,
    validUntil,
  };
  return Buffer.from(topic.encode({ $case: 'basisRecorded', value }));
}

const SLICE = 64;

/** The minimum of a rebuild: number and row of each event, 64 in one durable transaction, on one connection. */
async function bareRebuild(adminUrl: string, count: number): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query('DROP TABLE IF EXISTS bare_inbox, bare_row');
  await client.query(
    'CREATE TABLE bare_inbox (topic text, key text, epoch int, last bigint, PRIMARY KEY (topic, key))',
  );
  await client.query(
    'CREATE TABLE bare_row (case_reference uuid PRIMARY KEY, state jsonb NOT NULL)',
  );
  const state = JSON.stringify({
    bases: [{ code: 'vital-interest', purpose: 'accommodation', basisId: randomUUID() }],
  });
  const began = performance.now();
  for (let from = 0; from < count; from += SLICE) {
    const keys = Array.from({ length: Math.min(SLICE, count - from) }, () => randomUUID());
    await client.query('BEGIN');
    await client.query({
      name: 'bare-inbox',
      text: `INSERT INTO bare_inbox SELECT 'topic', k, 1, 1 FROM unnest($1::text[]) AS k ON CONFLICT (topic, key) DO UPDATE SET last = excluded.last`,
      values: [keys],
    });
    await client.query({
      name: 'bare-row',
      text: 'INSERT INTO bare_row SELECT k, $2 FROM unnest($1::uuid[]) AS k ON CONFLICT (case_reference) DO UPDATE SET state = excluded.state',
      values: [keys, state],
    });
    await client.query('COMMIT');
  }
  const perSecond = count / ((performance.now() - began) / 1_000);
  await client.query('DROP TABLE bare_inbox, bare_row');
  await client.end();
  return perSecond;
}
