import type { TopicPartitionOffset } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { Progress } from './progress.ts';

const commits: TopicPartitionOffset[][] = [];
let fails = false;
let progress: Progress | undefined;
const started = (): Progress => {
  commits.length = 0;
  fails = false;
  progress = new Progress(async (offsets) => {
    if (fails) throw new Error('the coordinator has moved');
    commits.push(offsets);
  });
  return progress;
};
afterEach(() => progress?.stop());

const at = (offset: string): TopicPartitionOffset => ({ topic: 'letters', partition: 1, offset });

it('commits the offset after the last that was handled, once', async () => {
  const one = started();
  const handled = one.of('letters', 1);
  for (const offset of ['7', '8', '9']) handled(offset);
  await one.flush();
  await one.flush();
  expect(commits).toEqual([[at('10')]]);
});

it('says what failed again, unless it has gone further', async () => {
  const one = started();
  const handled = one.of('letters', 1);
  handled('7');
  fails = true;
  await one.flush();
  fails = false;
  await one.flush();
  handled('8');
  await one.flush();
  expect(commits).toEqual([[at('8')], [at('9')]]);
});

it('forgets what was not committed when the group is joined anew, also what an older batch still says', async () => {
  const one = started();
  const older = one.of('letters', 1);
  expect(older('7')).toBe(true);
  one.begin();
  expect(older('8')).toBe(false);
  await one.stop();
  expect(commits).toEqual([]);
});

it('commits what is left when it stops', async () => {
  const one = started();
  one.of('letters', 1)('7');
  await one.stop();
  expect(commits).toEqual([[at('8')]]);
});

it('commits one after the other: an older one that is tried again for long never comes after a newer one', async () => {
  const [coordinator, order] = [Promise.withResolvers<void>(), [] as string[]];
  progress = new Progress(async ([offset]) => {
    if (offset?.offset === '8') await coordinator.promise;
    order.push(offset?.offset ?? '');
  });
  const handled = progress.of('letters', 1);
  handled('7');
  const first = progress.flush();
  handled('8');
  const second = progress.flush();
  coordinator.resolve();
  await Promise.all([first, second]);
  await progress.stop();
  expect(order).toEqual(['8', '9']);
});

it('says again what it said last, for a commit of the time before a rebalance may have come after it', async () => {
  const one = started();
  one.of('letters', 1)('7');
  await one.flush();
  one.sayAgain();
  await one.flush();
  expect(commits).toEqual([[at('8')], [at('8')]]);
  one.begin();
  one.sayAgain();
  await one.flush();
  expect(commits).toHaveLength(2);
});
