import { findImage, reasonOf } from '../docker.ts';
import { CommandMissing } from '../process/run-to-end.ts';
import { kafkaImage, kafkaInDocker } from './docker.ts';
import { embeddedKafka } from './embedded.ts';
import { brokerAnswers } from './healthy.ts';
import type { KafkaOptions, RunningKafka } from './running.ts';

/**
 * Apache Kafka from the environment (`KAFKA_BROKERS`), else Docker, else its own jars on the local Java.
 * @throws Error with one sentence that states what to set or install when there is none.
 */
export async function findKafka(options: KafkaOptions = {}): Promise<RunningKafka> {
  const progress = options.progress ?? (() => undefined);
  if (options.only === 'embedded' || options.nodes === 3)
    return embeddedOrSentence(options, 'this needs brokers that can be killed');
  const given = process.env.KAFKA_BROKERS;
  if (given !== undefined && given !== '') return fromEnvironment(given.split(','));
  let why = '';
  const image = await findImage(kafkaImage, progress);
  if ('missing' in image) why = image.missing;
  else {
    try {
      return await kafkaInDocker(image.host);
    } catch (error) {
      why = `Docker could not start ${kafkaImage} (${reasonOf(error)})`;
    }
  }
  if (why.startsWith('Docker')) progress(`${why}; using Kafka's own jars on the local Java.`);
  return embeddedOrSentence(options, `KAFKA_BROKERS is not set, ${why}`);
}

async function fromEnvironment(brokers: readonly string[]): Promise<RunningKafka> {
  for (const broker of brokers)
    if (await brokerAnswers(broker))
      return { brokers, source: 'environment', nodes: [], stop: async () => undefined };
  throw new Error('KAFKA_BROKERS is set but no broker answers there; correct it or unset it.');
}

async function embeddedOrSentence(options: KafkaOptions, why: string): Promise<RunningKafka> {
  try {
    return await embeddedKafka(options);
  } catch (error) {
    if (!(error instanceof CommandMissing)) throw error;
    const remedies =
      'Install Docker, or Java 17 and Maven (`apt-get install openjdk-17-jre-headless maven`)';
    throw new Error(`No Kafka: ${why}, and ${error.message}. ${remedies}, or set KAFKA_BROKERS.`);
  }
}
