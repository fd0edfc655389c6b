import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { headersOf, type KafkaRecord, kafkaOnKafkajs } from '@opennrm/messaging';
import { createLog } from '@opennrm/runtime';
import { instant } from '@opennrm/runtime/decision';
import pg from 'pg';
import { startReferralPlatform, untilKnown } from '../platform/referral-platform.ts';
import { openShelters } from '../platform/shelters.ts';
import { rowsOf, slopeTo } from '../rows.ts';
import type { Bench } from './part.ts';

const HOLDS = 1_000;
const AT_ONCE = 10;
const DAY_MS = 86_400_000;

/** A thousand requests for one bed at the same moment: one gets the hold, 999 are refused. Measures how long this takes. */
export async function measureRace(bench: Bench): Promise<void> {
  const { servers, measurements, printLine } = bench;
  const referralPlatform = await startReferralPlatform(servers, printLine);
  try {
    const shelters = await openShelters(referralPlatform.platform, referralPlatform.places, {
      count: 1,
      beds: 1,
    });
    await untilKnown(referralPlatform, shelters);
    const url = referralPlatform.platform.service('shelter-capacity').ownerUrl;
    const holds = Array.from({ length: HOLDS }, () => randomUUID());
    const kafka = kafkaOnKafkajs({
      brokers: servers.kafka.brokers,
      clientId: 'race',
      log: createLog('race', 'error'),
    });
    const answers = `SELECT count(*)::int AS count FROM journal WHERE topic = $1 AND key = ANY ($2::text[])`;
    const topic = topics.shelterCapacityForReferral.name;
    const decided = slopeTo(url, answers, [topic, holds], HOLDS);
    const began = performance.now();
    await kafka.send(holds.map((hold) => holdRequested(hold, shelters.serviceIds[0] ?? '')));
    await decided;
    const seconds = (performance.now() - began) / 1_000;
    await kafka.close();
    const [taken] = await rowsOf<{ count: number }>(
      url,
      'SELECT count(*)::int AS count FROM occupancy WHERE hold_id = ANY ($1::uuid[])',
      [holds],
    );
    await shelters.close();
    const bare = await bareRace(servers.postgres.adminUrl);
    measurements.add({
      part: 'race',
      what: 'beds given to 1,000 concurrent holds for one bed',
      value: taken?.count ?? 0,
      unit: 'beds',
      aim: { side: 'at most', limit: 1 },
    });
    measurements.add({
      part: 'race',
      what: 'holds decided, one bed',
      value: HOLDS / seconds,
      unit: '/s',
    });
    measurements.add({
      part: 'race',
      what: 'bare conditional update of one row',
      value: bare,
      unit: '/s',
    });
    measurements.add({
      part: 'race',
      what: 'holds decided / bare',
      value: HOLDS / seconds / bare,
      unit: '×',
      aim: { side: 'at least', limit: 0.3 },
    });
    printLine(
      `race: ${Math.round(HOLDS / seconds)} holds a second for one bed, ${taken?.count} given; bare ${Math.round(bare)}/s`,
    );
  } finally {
    await referralPlatform.stop();
  }
}

function holdRequested(holdId: string, serviceId: string): KafkaRecord {
  const { name, encode } = topics.referralForShelterCapacity;
  const value = encode({
    $case: 'holdRequested',
    value: {
      holdId,
      until: new Date(Date.now() + DAY_MS),
      terms: {
        serviceId,
        unitKind: 'bed',
        places: 1,
        attributes: [],
        apartIds: [],
        group: 'women',
      },
    },
  });
  const type = 'opennrm.capacity.v1.HoldRequested';
  const envelope = {
    id: randomUUID(),
    type,
    at: instant(Date.now()),
    key: holdId,
    sequence: 1,
    epoch: 1,
  };
  return { topic: name, key: holdId, value, headers: headersOf(name, envelope) };
}

/** The minimum: one conditional update and one row for the outcome, each request in its own transaction, on ten connections. */
async function bareRace(adminUrl: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: adminUrl, max: AT_ONCE });
  await pool.query('DROP TABLE IF EXISTS race_bed, race_outcome');
  await pool.query('CREATE TABLE race_bed (id int PRIMARY KEY, free int NOT NULL)');
  await pool.query('CREATE TABLE race_outcome (id uuid PRIMARY KEY, held boolean NOT NULL)');
  await pool.query('INSERT INTO race_bed VALUES (1, 1)');
  let left = HOLDS;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    while (left-- > 0)
      await pool.query({
        name: 'race',
        text: `WITH taken AS (UPDATE race_bed SET free = free - 1 WHERE id = 1 AND free > 0 RETURNING 1)
               INSERT INTO race_outcome SELECT $1, EXISTS (SELECT 1 FROM taken)`,
        values: [randomUUID()],
      });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const perSecond = HOLDS / ((performance.now() - began) / 1_000);
  await pool.query('DROP TABLE race_bed, race_outcome');
  await pool.end();
  return perSecond;
}
