import type { Look } from './look.ts';

interface Stream {
  topic: string;
  key: string;
  last: number;
}

/** How many messages have not been seen by their reader. */
export async function unseen({ services, rows }: Look): Promise<number> {
  const [sent, seen] = [new Map<string, number>(), new Map<string, number>()];
  for (const service of services) {
    for (const { topic, key, last } of await rows<Stream>(
      service,
      'SELECT topic, key, last::float FROM stream_numbers',
    ))
      sent.set(`${topic} ${key}`, last);
    for (const { topic, key, last } of await rows<Stream>(service, 'SELECT topic, key, last::float FROM inbox'))
      seen.set(`${topic} ${key}`, last);
  }
  return [...sent].reduce((sum, [stream, last]) => sum + Math.max(0, last - (seen.get(stream) ?? 0)), 0);
}
