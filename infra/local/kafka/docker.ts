import { startContainer } from '../docker.ts';
import { freePort } from '../ports.ts';
import { pollUntil } from '../process/ready.ts';
import { brokerAnswers } from './healthy.ts';
import type { RunningKafka } from './running.ts';

export const kafkaImage = 'apache/kafka:4.3.1';

/** One broker in a container of the official image. Its port is chosen first, because the broker must advertise it. */
export async function kafkaInDocker(host: string): Promise<RunningKafka> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const address = `${host === 'localhost' ? '127.0.0.1' : host}:${port}`;
  const { stop } = await startContainer(
    new GenericContainer(kafkaImage)
      .withEnvironment(settings(address))
      .withExposedPorts({ container: 9092, host: port })
      .withWaitStrategy(Wait.forListeningPorts())
      .withStartupTimeout(90_000),
  );
  if (!(await pollUntil(60_000, async () => (await brokerAnswers(address)) || undefined))) {
    await stop();
    throw new Error(`${kafkaImage} did not answer within 60 s`);
  }
  return { brokers: [address], source: 'docker', nodes: [], stop };
}

/** The image's start script turns each KAFKA_… variable into a property. */
const settings = (address: string): Record<string, string> => ({
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${address}`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE: '2097152',
});
