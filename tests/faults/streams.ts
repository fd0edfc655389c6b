import { headersOf } from '@opennrm/messaging';
import { instant } from '@opennrm/runtime/decision';
import { expect } from 'vitest';
import { rows } from '../journeys/state.ts';
import { eventually, type World } from '../journeys/world.ts';
import { kafkaOf } from './topic.ts';

interface Topic {
  readonly name: string;
  readonly owner: string;
  readonly audience: string;
}

interface Last {
  key: string;
  last: number;
}

/** Every message of a topic was seen by its reader up to the last number that its sender gave out; none waits. */
export const allNumbersConsumed = (world: World, { name, owner, audience }: Topic): Promise<void> =>
  eventually(async () => {
    const given = 'SELECT key, last::int FROM stream_numbers WHERE topic = $1 ORDER BY key';
    const seen = 'SELECT key, last::int FROM inbox WHERE topic = $1 AND last > 0 ORDER BY key';
    expect(await rows<Last>(world, audience, seen, [name])).toEqual(
      await rows<Last>(world, owner, given, [name]),
    );
    expect(
      await rows(world, audience, 'SELECT 1 FROM quarantine WHERE topic = $1', [name]),
    ).toEqual([]);
  });

/** What a newer version of a service would send next on a stream: through its own journal and outbox, with the next number. */
export async function sendAsNewerVersion(
  world: World,
  service: string,
  message: {
    readonly topic: string;
    readonly key: string;
    readonly type: string;
    readonly value: Buffer;
  },
): Promise<void> {
  await rows(
    world,
    service,
    `WITH number AS (UPDATE stream_numbers SET last = last + 1 WHERE topic = $1 AND key = $2 RETURNING last),
       sent AS (INSERT INTO journal (id, aggregate, aggregate_id, version, type, at, author_organisation, author_role, topic, key, sequence, epoch, value)
         SELECT gen_random_uuid(), 'newer', gen_random_uuid(), 1, $3, $4, gen_random_uuid(), 'system', $1, $2, last, 1, $5 FROM number RETURNING position, aggregate_id, topic)
     INSERT INTO outbox (position, aggregate_id, to_topic) SELECT position, aggregate_id, topic FROM sent`,
    [message.topic, message.key, message.type, Math.round(world.now()), message.value],
  );
}

interface Sent {
  id: string;
  type: string;
  at: number;
  key: string;
  sequence: number;
  epoch: number;
  value: Buffer;
}

/** Sends what the journal holds of a stream in an order of our own. */
export async function sendInOrder(
  world: World,
  { name, owner }: Topic,
  key: string,
  order: 'first to last' | 'last to first',
): Promise<number> {
  const sql = `SELECT id, type, at::float, key, sequence::int, epoch, value FROM journal WHERE topic = $1 AND key = $2 ORDER BY sequence`;
  const found = await rows<Sent>(world, owner, sql, [name, key]);
  if (order === 'last to first') found.reverse();
  const producer = kafkaOf(world).producer();
  await producer.connect();
  for (const one of found) {
    const headers = headersOf(name, { ...one, at: instant(one.at) });
    await producer.send({ topic: name, acks: -1, messages: [{ key, headers, value: one.value }] });
  }
  await producer.disconnect();
  return found.length;
}
