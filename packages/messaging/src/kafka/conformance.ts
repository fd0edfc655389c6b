import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { letterRecord, letters } from '../letters.fixture.ts';
import type { Kafka, Received } from './port.ts';

/** What every implementation of the Kafka port must do. Run for each of them in `kafka.spec.ts`. */
export function kafkaConformance(make: () => Kafka): void {
  const reading = async (
    kafka: Kafka,
    group: string,
    handle?: (slice: readonly Received[]) => Promise<void>,
  ) => {
    const seen: Received[] = [];
    const consumer = await kafka.consume({
      group,
      topics: [letters.name],
      sliceSize: 10,
      fatal: (reason) => {
        throw new Error(reason);
      },
      async handle(slice) {
        await handle?.(slice);
        seen.push(...slice);
      },
    });
    return { seen, stop: () => consumer.stop() };
  };
  const ofKey = (seen: readonly Received[], key: string) => seen.filter((one) => one.key === key);

  it('hands over each sent message complete and in the order of its key', async () => {
    const kafka = make();
    const key = randomUUID();
    await kafka.send(
      Array.from({ length: 30 }, (_, nth) => letterRecord(key, nth + 1, String(nth))),
    );
    const { seen, stop } = await reading(kafka, randomUUID());
    await vi.waitFor(() => expect(ofKey(seen, key)).toHaveLength(30), { timeout: 20_000 });
    expect(ofKey(seen, key).map((one) => one.headers.ce_sequence)).toEqual(
      Array.from({ length: 30 }, (_, nth) => String(nth + 1)),
    );
    expect(Buffer.from(ofKey(seen, key)[0]?.value ?? []).toString()).toContain('"0"');
    await stop();
    await kafka.close();
  });

  it('delivers a message again when its handling failed', async () => {
    const kafka = make();
    const key = randomUUID();
    let failures = 1;
    await kafka.send([letterRecord(key, 1, 'a')]);
    const { seen, stop } = await reading(kafka, randomUUID(), async (slice) => {
      if (slice.some((one) => one.key === key) && failures-- > 0) throw new Error('not yet');
    });
    await vi.waitFor(() => expect(ofKey(seen, key).length).toBeGreaterThan(0), { timeout: 20_000 });
    await stop();
    await kafka.close();
  });

  it('continues where the group stopped', async () => {
    const kafka = make();
    const [group, first, second] = [randomUUID(), randomUUID(), randomUUID()];
    await kafka.send([letterRecord(first, 1, 'a')]);
    const before = await reading(kafka, group);
    await vi.waitFor(() => expect(ofKey(before.seen, first)).toHaveLength(1), { timeout: 20_000 });
    await before.stop();
    await kafka.send([letterRecord(second, 1, 'b')]);
    const after = await reading(kafka, group);
    await vi.waitFor(() => expect(ofKey(after.seen, second)).toHaveLength(1), { timeout: 20_000 });
    expect(ofKey(after.seen, first)).toHaveLength(0);
    await after.stop();
    await kafka.close();
  });

  it('reports how far a group is behind, also when no member reads', async () => {
    const kafka = make();
    const group = randomUUID();
    const left = async () =>
      (await kafka.lag(group, [letters.name])).reduce((sum, one) => sum + one.lag, 0);
    const before = await left();
    await kafka.send(
      Array.from({ length: 7 }, (_, nth) => letterRecord(randomUUID(), 1, String(nth))),
    );
    expect(await left()).toBe(before + 7);
    const { stop } = await reading(kafka, group);
    await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 20_000 });
    await stop();
    await kafka.close();
  });

  it('rejects a send to a topic that does not exist', async () => {
    const kafka = make();
    await expect(
      kafka.send([{ ...letterRecord('a', 1, 'a'), topic: 'opennrm.nobody.nowhere.v1' }]),
    ).rejects.toThrow();
    await kafka.close();
  }, 30_000);
}
