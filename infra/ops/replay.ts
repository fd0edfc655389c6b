import { topics } from '@opennrm/contracts/topics';
import { kafkaOnKafkajs, replay } from '@opennrm/messaging';
import { createLog } from '@opennrm/runtime';
import { type OpenPlatform, OpsError } from './open-platform.ts';

/** Sends journal messages again, for a late consumer, a rebuilt projection or a lost topic. Whoever has seen them ignores them. */
export async function replayTopic(platform: OpenPlatform, name: string, key: string | undefined): Promise<number> {
  const topic = Object.values(topics).find((one) => one.name === name);
  if (!topic)
    throw new OpsError(
      `There is no topic "${name}"; there are ${Object.values(topics)
        .map((one) => one.name)
        .join(', ')}.`,
    );
  const kafka = kafkaOnKafkajs({ brokers: platform.kafkaBrokers, clientId: 'ops', log: createLog('ops', 'error') });
  const progress = (sent: number): void => console.log(`${sent} sent …`);
  const sent = await replay(platform.service(topic.owner), kafka, { topic: name, key, progress });
  await kafka.close();
  console.log(`${sent} messages of ${name}${key === undefined ? '' : ` with key ${key}`} were sent again.`);
  return 0;
}
