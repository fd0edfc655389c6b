import type { Admin, Kafka as Client } from 'kafkajs';

/** Reads how far groups are behind over its own connection, which is opened at the first call and again after a failure. */
export function lagReader(client: Client) {
  let admin: Promise<Admin> | undefined;
  const connected = (): Promise<Admin> => {
    admin ??= (async () => {
      const made = client.admin();
      await made.connect();
      return made;
    })();
    return admin;
  };
  const close = async (): Promise<void> => {
    const old = admin;
    admin = undefined;
    await old?.then((one) => one.disconnect()).catch(() => undefined);
  };
  return {
    close,
    async lag(group: string, topics: readonly string[]) {
      try {
        const one = await connected();
        const offsets = await one.fetchOffsets({ groupId: group, topics: [...topics] });
        return await Promise.all(
          offsets.map(async ({ topic, partitions }) => {
            const at = new Map(
              partitions.map(({ partition, offset }) => [partition, Number(offset)]),
            );
            const ends = await one.fetchTopicOffsets(topic);
            const left = ends.map(
              ({ partition, low, high }) =>
                Number(high) - Math.max(Number(low), at.get(partition) ?? -1),
            );
            return { topic, lag: left.reduce((sum, count) => sum + count, 0) };
          }),
        );
      } catch (error) {
        void close();
        throw error;
      }
    },
  };
}
