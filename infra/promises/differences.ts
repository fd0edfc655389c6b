import { topics } from '@opennrm/contracts/topics';
import type { Look } from './look.ts';

/** A stream on which what one side gave out and what the other has seen differ. */
export interface Difference {
  readonly topic: (typeof topics)[keyof typeof topics];
  readonly key: string;
  /** The last number that the sender gave out; 0 for none. */
  readonly given: number;
  /** The last number that the reader has seen; 0 for none. */
  readonly seen: number;
}

/** Where sender and reader do not agree. Between two looks at two databases a message may have passed: ask again before an alarm. */
export async function differences(look: Look): Promise<Difference[]> {
  const given = await lastNumbers(look, 'stream_numbers');
  const seen = await lastNumbers(look, 'inbox');
  return Object.values(topics).flatMap((topic) => {
    const [out, heard] = [given(topic.owner, topic.name), seen(topic.audience, topic.name)];
    return [...new Set([...out.keys(), ...heard.keys()])]
      .map((key) => ({ topic, key, given: out.get(key) ?? 0, seen: heard.get(key) ?? 0 }))
      .filter((one) => one.given !== one.seen);
  });
}

/** The last number of each stream, by service and topic. */
async function lastNumbers({ services, rows }: Look, table: 'stream_numbers' | 'inbox') {
  const all = new Map<string, Map<string, number>>();
  for (const service of services) {
    const sql = `SELECT topic, key, last::float FROM ${table} WHERE last > 0`;
    for (const { topic, key, last } of await rows<{ topic: string; key: string; last: number }>(service, sql)) {
      const stream = all.get(`${service} ${topic}`) ?? new Map<string, number>();
      all.set(`${service} ${topic}`, stream.set(key, last));
    }
  }
  return (service: string, topic: string): ReadonlyMap<string, number> => all.get(`${service} ${topic}`) ?? new Map();
}

/** How many messages have not been seen by their reader. */
export const unseen = async (look: Look): Promise<number> =>
  (await differences(look)).reduce((sum, { given, seen }) => sum + Math.max(0, given - seen), 0);
