import { topics } from '@opennrm/contracts/topics';
import { table } from '@opennrm/infra/report';
import type { Command } from './command.ts';
import type { KnownTopic, OpenPlatform } from './open-platform.ts';

interface Stream {
  key: string;
  epoch: number;
  last: number;
}

/** A stream on which what one side gave out and what the other has seen differ. */
interface Difference {
  readonly topic: KnownTopic;
  readonly key: string;
  readonly given: number;
  readonly seen: number;
}

export const reconcile: Command = {
  subjects: '[service]',
  does: 'where sender and reader of a stream do not agree: what was forgotten by a restore, what was never heard',
  help: `After a restore, before people work on. "forgotten": the reader has seen numbers that the sender does not know any more; its state holds
what the restored service has lost, and a person looks at each (the key is the hold, service or case reference of that conversation).
"not heard": the sender gave out numbers that the reader has not seen: rewind the reader, or replay the topic.`,
  effect: 'looks',
  async run(platform, { subjects: [only] }) {
    if (only !== undefined) platform.service(only);
    const found: Difference[] = [];
    for (const topic of Object.values(topics)) {
      if (only === undefined || topic.owner === only || topic.audience === only)
        found.push(...(await differencesOf(platform, topic)));
    }
    if (found.length === 0) {
      console.log('Senders and readers agree on every stream.');
      return 0;
    }
    const lines = found.map(({ topic, key, given, seen }) => [
      ...(seen > given ? ['forgotten', topic.owner] : ['not heard', topic.audience]),
      ...[topic.name, key, given, seen],
    ]);
    console.log(table([['what', 'by', 'topic', 'key', 'given', 'seen'], ...lines]));
    const forgotten = found.filter(({ given, seen }) => seen > given).length;
    console.log(
      `\n${forgotten} stream(s) forgotten by their sender, ${found.length - forgotten} not heard to the end.`,
    );
    return 1;
  },
};

async function differencesOf(platform: OpenPlatform, topic: KnownTopic): Promise<Difference[]> {
  const read = (name: string, sql: string): Promise<Stream[]> =>
    platform
      .service(name)
      .query<Stream>(sql, [topic.name])
      .then(({ rows }) => rows);
  const given = await read(topic.owner, 'SELECT key, last::float, 0 AS epoch FROM stream_numbers WHERE topic = $1');
  const seen = await read(topic.audience, 'SELECT key, last::float, epoch FROM inbox WHERE topic = $1 AND last > 0');
  const numbers = (streams: readonly Stream[]) => new Map(streams.map((stream) => [stream.key, stream.last]));
  const [out, inbox] = [numbers(given), numbers(seen)];
  return [...new Set([...out.keys(), ...inbox.keys()])]
    .map((key) => ({ topic, key, given: out.get(key) ?? 0, seen: inbox.get(key) ?? 0 }))
    .filter((one) => one.given !== one.seen);
}
