import type { KafkaMessage } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { eachBatch } from './consume.ts';
import { Membership } from './membership.ts';
import { OffsetCommitter } from './offset-committer.ts';

let commits: string[] = [];
let committer = new OffsetCommitter(new Membership());
afterEach(() => committer.stop());

const message = (offset: string): KafkaMessage =>
  ({
    key: Buffer.from('key'),
    value: Buffer.from('value'),
    headers: {},
    offset,
  }) as unknown as KafkaMessage;

/** @returns the offsets that moved the read position, when `after` runs after each handled slice. */
async function placesOf(
  offsets: readonly string[],
  after: (slice: number) => void,
): Promise<string[]> {
  commits = [];
  committer = new OffsetCommitter(new Membership());
  const places: string[] = [];
  let slices = 0;
  await eachBatch(
    {
      batch: { topic: 'letters', partition: 1, messages: offsets.map(message) },
      resolveOffset: (offset) => void places.push(offset),
      commitOffsetsIfNecessary: async (offsets) => {
        for (const { partitions } of offsets?.topics ?? [])
          commits.push(...partitions.map(({ offset }) => offset));
      },
      heartbeat: async () => undefined,
      isRunning: () => true,
      isStale: () => false,
    },
    { sliceSize: 2, handle: async () => after(++slices) },
    () => undefined,
    committer,
  );
  await committer.flush();
  return places;
}

it('the consumer moves the read position slice by slice and commits it', async () => {
  expect(await placesOf(['5', '6', '7'], () => undefined)).toEqual(['6', '7']);
  expect(commits).toEqual(['8']);
});

it('the consumer moves no offset after its membership ended, so messages handled since are read again', async () => {
  expect(
    await placesOf(['5', '6', '7', '8', '9'], (slice) => slice === 2 && committer.reset()),
  ).toEqual(['6']);
  expect(commits).toEqual([]);
});
