import { randomUUID } from 'node:crypto';
import { topics } from '@opennrm/contracts/topics';
import { type Kafka, type KafkaRecord, kafkaOnKafkajs, replay } from '@opennrm/messaging';
import { createLog, openDatabase } from '@opennrm/runtime';
import { startReferralPlatform } from '../platform/referral-platform.ts';
import { rowsOf, slopeTo } from '../rows.ts';
import { settle } from '../servers.ts';
import type { Bench } from './part.ts';

const PLATFORM = '00000000-0000-0000-0000-000000000000';

/** The speed of sending an outbox, of sending a journal again, and of consuming both. */
export async function measureRelay(bench: Bench): Promise<void> {
  const { options, servers, measurements, printLine } = bench;
  const count = options.quick ? 5_000 : 40_000;
  const referralPlatform = await startReferralPlatform(servers, printLine);
  try {
    const referral = referralPlatform.platform.service('referral');
    const shelter = referralPlatform.platform.service('shelter-capacity');
    await Promise.all([referral.process.stop(), shelter.process.stop()]);
    const topic = topics.referralForShelterCapacity;
    const since = new Date();
    await fillOutbox(referral.ownerUrl, count);
    await settle(servers);
    const relayed = slopeTo(referral.ownerUrl, 'SELECT count(*)::int AS count FROM outbox', [], 0);
    await referral.process.start();
    const relay = await relayed;
    measurements.add({
      part: 'relay',
      what: 'relay: outbox to Kafka',
      value: relay.perSecond,
      unit: 'messages/s',
    });
    await referral.process.stop();

    const consumed = slopeTo(
      shelter.ownerUrl,
      'SELECT count(*)::int AS count FROM inbox WHERE topic = $1 AND last = 2',
      [topic.name],
      count,
    );
    await shelter.process.start();
    const applied = await consumed;
    measurements.add({
      part: 'relay',
      what: 'consumer: first consumption, nothing to change',
      value: applied.perSecond,
      unit: 'messages/s',
    });

    const kafka = kafkaOnKafkajs({
      brokers: servers.kafka.brokers,
      clientId: 'bench',
      log: createLog('bench', 'error'),
    });
    const database = openDatabase(referral.serviceUrl, { name: 'bench' });
    const began = performance.now();
    const sent = await replay(database, kafka, { topic: topic.name, since });
    const replayed = sent / ((performance.now() - began) / 1_000);
    measurements.add({
      part: 'relay',
      what: 'replay: journal to Kafka',
      value: replayed,
      unit: 'messages/s',
    });
    const alone = await kafkaAlone(kafka, count, topic.name);
    measurements.add({
      part: 'relay',
      what: 'Kafka alone, batches of 500',
      value: alone,
      unit: 'messages/s',
    });
    measurements.add({
      part: 'relay',
      what: 'relay / Kafka alone',
      value: relay.perSecond / alone,
      unit: '×',
    });
    measurements.add({
      part: 'relay',
      what: 'replay / Kafka alone',
      value: replayed / alone,
      unit: '×',
    });
    await kafka.close();
    await database.close();
    printLine(
      `relay ${relay.perSecond}/s, replay ${Math.round(replayed)}/s, consumed ${applied.perSecond}/s, Kafka alone ${Math.round(alone)}/s`,
    );
  } finally {
    await referralPlatform.stop();
  }
}

/** Two messages about each of many holds that the shelter does not know: it reads, numbers and ignores them. */
async function fillOutbox(ownerUrl: string, count: number): Promise<void> {
  const { name, encode } = topics.referralForShelterCapacity;
  const value = Buffer.from(
    encode({ $case: 'holdReleaseRequested', value: { holdId: randomUUID() } }),
  );
  await rowsOf(
    ownerUrl,
    `WITH keys AS (SELECT gen_random_uuid() AS key FROM generate_series(1, $4::int)),
     written AS (
       INSERT INTO journal (id, aggregate, aggregate_id, version, at, author_organisation, author_role, type, topic, key, sequence, epoch, value)
       SELECT gen_random_uuid(), 'referral', key, n, $1, $2, 'system', 'opennrm.capacity.v1.HoldReleaseRequested', $3, key::text, n, 1, $5
       FROM keys, generate_series(1, 2) AS n RETURNING position, aggregate_id, topic)
     INSERT INTO outbox (position, aggregate_id, to_topic) SELECT position, aggregate_id, topic FROM written`,
    [Date.now(), PLATFORM, name, count, value],
  );
}

/** The same number of messages of the same kind, with no database anywhere. */
async function kafkaAlone(kafka: Kafka, count: number, like: string): Promise<number> {
  const topic = like;
  const record = (nth: number): KafkaRecord => ({
    topic,
    key: `${nth % 997}`,
    value: Buffer.alloc(40),
    headers: { ce_specversion: '0', ce_type: 'opennrm.bench.v1.Nothing' },
  });
  const records = Array.from({ length: Math.min(count, 20_000) }, (_, nth) => record(nth));
  const began = performance.now();
  for (let from = 0; from < records.length; from += 500)
    await kafka.send(records.slice(from, from + 500));
  return records.length / ((performance.now() - began) / 1_000);
}
