import { Kafka, logLevel } from 'kafkajs';

process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';

/** A client for administrative calls. It fails quickly and prints nothing. */
export const quickClient = (brokers: readonly string[]): Kafka =>
  new Kafka({
    clientId: 'opennrm-local',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  });

/** True when the broker answers an admin call and the cluster lists this id (any id when none is given). */
export async function brokerAnswers(address: string, id?: number): Promise<boolean> {
  const admin = quickClient([address]).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.some(({ nodeId }) => id === undefined || nodeId === id);
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
