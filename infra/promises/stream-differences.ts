import { topics } from '@opennrm/contracts/topics';
import type { DatabaseReader } from './database-reader.ts';

/** A stream whose last number differs between sender and reader. */
export interface StreamDifference {
  readonly topic: (typeof topics)[keyof typeof topics];
  readonly key: string;
  /** The last number that the sender assigned; 0 for none. */
  readonly sent: number;
  /** The last number that the reader has seen; 0 for none. */
  readonly received: number;
}

/** The streams on which sender and reader differ. A message may pass between the reads of the two databases: repeat before an alarm. */
export async function streamDifferences(reader: DatabaseReader): Promise<StreamDifference[]> {
  const sent = await lastNumbers(reader, 'stream_numbers');
  const received = await lastNumbers(reader, 'inbox');
  return Object.values(topics).flatMap((topic) => {
    const [assigned, seen] = [sent(topic.owner, topic.name), received(topic.audience, topic.name)];
    return [...new Set([...assigned.keys(), ...seen.keys()])]
      .map((key) => ({ topic, key, sent: assigned.get(key) ?? 0, received: seen.get(key) ?? 0 }))
      .filter((one) => one.sent !== one.received);
  });
}

/** The last number of each stream, by service and topic. */
async function lastNumbers({ services, rows }: DatabaseReader, table: 'stream_numbers' | 'inbox') {
  const all = new Map<string, Map<string, number>>();
  for (const service of services) {
    const sql = `SELECT topic, key, last::float FROM ${table} WHERE last > 0`;
    for (const { topic, key, last } of await rows<{ topic: string; key: string; last: number }>(
      service,
      sql,
    )) {
      const stream = all.get(`${service} ${topic}`) ?? new Map<string, number>();
      all.set(`${service} ${topic}`, stream.set(key, last));
    }
  }
  return (service: string, topic: string): ReadonlyMap<string, number> =>
    all.get(`${service} ${topic}`) ?? new Map();
}

/** How many messages have not been seen by their reader. */
export const countUnreceived = async (reader: DatabaseReader): Promise<number> =>
  (await streamDifferences(reader)).reduce(
    (sum, { sent, received }) => sum + Math.max(0, sent - received),
    0,
  );
