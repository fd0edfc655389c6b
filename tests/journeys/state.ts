import { topics } from '@opennrm/contracts/topics';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { expect } from 'vitest';
import { eventually, type World } from './world.ts';

const STATE: Readonly<Record<string, readonly string[]>> = {
  referral: ['referral', 'offer', 'alert', 'service', 'capacity_hint', 'case_basis'],
  'shelter-capacity': ['provider', 'occupancy', 'hold_provider'],
  'case-vault': ['case_file', 'case_reference', 'relation', 'disclosure'],
  'identification-intake': ['identification_file', 'known_reference'],
};

/** Reads a service's database as its owner. */
export async function rows<Row extends pg.QueryResultRow>(
  world: World,
  service: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({
    connectionString: world.platform.service(service).ownerUrl,
  });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Every state and projection row of every service, in a fixed order. */
export async function stateOf(world: World): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const [service, tables] of Object.entries(STATE)) {
    for (const table of tables) {
      const found = await rows<{ row: string }>(
        world,
        service,
        `SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`,
      );
      all[`${service}.${table}`] = found.map(({ row }) => row);
    }
  }
  return all;
}

/**
 * Every consumer has read its topics to the end, and nothing waits to be sent: twice in a row with nothing new in
 * between, because what one look saw read may have been answered behind its back.
 */
export async function allMessagesConsumed(world: World, within?: number): Promise<void> {
  const client = new Kafka({
    clientId: 'look',
    brokers: [...world.platform.kafka.brokers],
    logLevel: logLevel.NOTHING,
  });
  const admin = client.admin();
  await admin.connect();
  try {
    await eventually(async () => {
      const before = await ends(world, admin);
      expect(await ends(world, admin)).toEqual(before);
    }, within);
  } finally {
    await admin.disconnect();
  }
}

/** @returns where each topic ends. @throws when something waits to be sent or read. */
async function ends(world: World, admin: Admin): Promise<string[]> {
  const all: string[] = [];
  for (const service of Object.keys(STATE))
    expect(await rows(world, service, 'SELECT 1 FROM outbox')).toHaveLength(0);
  for (const { name, audience } of Object.values(topics)) {
    const offsets = await admin.fetchTopicOffsets(name);
    const [read] = await admin.fetchOffsets({ groupId: audience, topics: [name] });
    for (const { partition, high } of offsets.filter((one) => one.high !== '0')) {
      const at = read?.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
      expect(`${name}/${partition} at ${at}`).toBe(`${name}/${partition} at ${high}`);
      all.push(`${name}/${partition} at ${high}`);
    }
  }
  return all;
}
