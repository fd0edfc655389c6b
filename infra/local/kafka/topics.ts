import type { Admin } from 'kafkajs';
import { pollUntil } from '../process/ready.ts';
import { quickClient } from './healthy.ts';

/** A topic to create. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
}

const KEPT_MS = 30 * 24 * 3_600_000;

/** Creates the missing topics, with the cluster's default number of replicas and a retention of 30 days (design rule 11). */
export async function createTopics(
  brokers: readonly string[],
  wanted: readonly NewTopic[],
): Promise<void> {
  const admin = quickClient(brokers).admin({ retry: { retries: 8 } });
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const missing = wanted.filter(({ name }) => !there.has(name));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map(({ name, partitions }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor: -1,
        configEntries: [{ name: 'retention.ms', value: String(KEPT_MS) }],
      })),
    });
    await untilLeadersKnown(
      admin,
      missing.map(({ name }) => name),
    );
  } finally {
    await admin.disconnect();
  }
}

const LEADERS_WITHIN_MS = 60_000;

/**
 * Waits until each partition of these topics has a leader. A broker that does not know a new topic yet answers that it does not exist, and
 * kafkajs's own wait (`waitForLeaders`) accepts that answer.
 */
export async function untilLeadersKnown(admin: Admin, names: readonly string[]): Promise<void> {
  const led = await pollUntil(LEADERS_WITHIN_MS, async () => {
    const found = await admin
      .fetchTopicMetadata({ topics: [...names] })
      .catch(() => ({ topics: [] }));
    const partitions = found.topics.flatMap((topic) => topic.partitions);
    return found.topics.length === names.length && partitions.every(({ leader }) => leader >= 0)
      ? true
      : undefined;
  });
  if (!led) throw new Error(`no broker leads the new topics after ${LEADERS_WITHIN_MS / 1_000} s`);
}

/** Deletes topics with all their records. */
export async function deleteTopics(
  brokers: readonly string[],
  names: readonly string[],
): Promise<void> {
  const admin = quickClient(brokers).admin({ retry: { retries: 8 } });
  await admin.connect();
  try {
    const there = new Set(await admin.listTopics());
    const topics = names.filter((name) => there.has(name));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
