import { kafkaOnKafkajs, replay as sendAgain } from '@opennrm/messaging';
import { createLog, normalizeId } from '@opennrm/runtime';
import type { Command } from './command.ts';
import { instantOf, type OpenPlatform, OpsError, topicOf } from './open-platform.ts';

export const replay: Command = {
  subjects: '<topic> [key] [--since <time>] [--until <time>]',
  summary: 'send the journal’s messages of a topic (or of one key) again, in order',
  help: `For a gap, a lost topic, a service that joins late, a restore. Harmless at any time: a reader ignores a message that it has seen, by its
number. Times are real time, as the journal recorded it.`,
  effect: 'idempotent',
  async run(platform, { subjects: [name = '', named], since, until }) {
    const topic = topicOf(name);
    const key = named === undefined ? undefined : normalizeId(named);
    const range = {
      since: since === undefined ? undefined : instantOf('--since', since),
      until: until === undefined ? undefined : instantOf('--until', until),
    };
    const kafka = kafkaOnKafkajs({
      brokers: platform.kafkaBrokers,
      clientId: 'ops',
      log: createLog('ops', 'error'),
    });
    const progress = (sent: number): void => console.log(`${sent} sent …`);
    const sent = await sendAgain(platform.service(topic.owner), kafka, {
      topic: name,
      key,
      ...range,
      progress,
    });
    await kafka.close();
    if (sent === 0)
      throw new OpsError(
        `The journal of ${topic.owner} has no such message. ${await rangeOf(platform, topic.owner, name)}`,
      );
    console.log(
      `${sent} messages of ${name}${key === undefined ? '' : ` with key ${key}`} were sent again.`,
    );
    return 0;
  },
};

async function rangeOf(platform: OpenPlatform, owner: string, topic: string): Promise<string> {
  const { rows } = await platform
    .service(owner)
    .query<{ many: number; first: Date | null; last: Date | null }>(
      'SELECT count(*)::int AS many, min(recorded_at) AS first, max(recorded_at) AS last FROM journal WHERE topic = $1',
      [topic],
    );
  const { many = 0, first = null, last = null } = rows[0] ?? {};
  return many === 0
    ? `It has no message of ${topic} at all.`
    : `Of ${topic} it has ${many}, from ${first?.toISOString()} to ${last?.toISOString()}.`;
}
