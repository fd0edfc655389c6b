import type { Offsets } from 'kafkajs';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { Membership } from './membership.ts';
import { OffsetCommitter } from './offset-committer.ts';

let commits: string[][] = [];
let fails = false;
let committer = new OffsetCommitter(new Membership());
afterEach(() => committer.stop());

const placesIn = ({ topics }: Offsets): string[] =>
  topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => `${topic}/${partition}@${offset}`),
  );
const commit = async (offsets: Offsets): Promise<void> => {
  if (fails) throw new Error('the coordinator has moved');
  commits.push(placesIn(offsets));
};
const started = (): OffsetCommitter => {
  [commits, fails, committer] = [[], false, new OffsetCommitter(new Membership())];
  return committer;
};
const letters = (one: OffsetCommitter, by = commit): ((lastOffset: string) => boolean) =>
  one.trackPartition('letters', 1, by);

it('the committer commits the offset after the last handled message, and only once', async () => {
  const one = started();
  const handled = letters(one);
  for (const offset of ['7', '8', '9']) handled(offset);
  one.trackPartition('letters', 2, commit)('3');
  one.trackPartition('parcels', 1, commit)('0');
  await one.flush();
  await one.flush();
  expect(commits).toEqual([['letters/1@10', 'letters/2@4', 'parcels/1@1']]);
});

it('the committer commits a failed offset again, unless a later one has been handled', async () => {
  const one = started();
  const handled = letters(one);
  handled('7');
  fails = true;
  await one.flush();
  fails = false;
  await one.flush();
  handled('8');
  await one.flush();
  expect(commits).toEqual([['letters/1@8'], ['letters/1@9']]);
});

it('the committer drops uncommitted offsets when the group is rejoined, also those of a batch that started before', async () => {
  const one = started();
  const older = letters(one);
  expect(older('7')).toBe(true);
  one.reset();
  expect(older('8')).toBe(false);
  await one.stop();
  expect(commits).toEqual([]);
});

it('the committer commits the remaining offsets when it stops', async () => {
  const one = started();
  letters(one)('7');
  await one.stop();
  expect(commits).toEqual([['letters/1@8']]);
});

it('the committer makes one commit at a time, so a slow older commit never arrives after a newer one', async () => {
  const [one, coordinator] = [started(), Promise.withResolvers<void>()];
  const slow = async (offsets: Offsets): Promise<void> => {
    if (placesIn(offsets).includes('letters/1@8')) await coordinator.promise;
    return commit(offsets);
  };
  const handled = letters(one, slow);
  handled('7');
  const first = one.flush();
  handled('8');
  const second = one.flush();
  coordinator.resolve();
  await Promise.all([first, second]);
  await one.stop();
  expect(commits).toEqual([['letters/1@8'], ['letters/1@9']]);
});

it('the committer repeats its last commit, because an older commit without an answer may have been stored after it', async () => {
  const one = started();
  letters(one)('7');
  await one.flush();
  one.recommit();
  await one.flush();
  expect(commits).toEqual([['letters/1@8'], ['letters/1@8']]);
  one.reset();
  one.recommit();
  await one.flush();
  expect(commits).toHaveLength(2);
});

it('the committer repeats its last commit at intervals only after a commit has failed, until the group is rejoined', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const minute = 60_000;
  const one = started();
  const handled = letters(one);
  handled('7');
  await vi.advanceTimersByTimeAsync(minute);
  expect(commits).toEqual([['letters/1@8']]);
  fails = true;
  handled('8');
  await vi.advanceTimersByTimeAsync(1_000);
  fails = false;
  await vi.advanceTimersByTimeAsync(minute);
  const repeats = commits.slice(1);
  expect(repeats.length).toBeGreaterThan(10);
  expect(new Set(repeats.flat())).toEqual(new Set(['letters/1@9']));
  one.reset();
  await vi.advanceTimersByTimeAsync(minute);
  expect(commits).toHaveLength(1 + repeats.length);
});

it('the committer never repeats an offset that is older than the running commit', async () => {
  const [one, coordinator] = [started(), Promise.withResolvers<void>()];
  const slow = async (offsets: Offsets): Promise<void> => {
    if (placesIn(offsets).includes('letters/1@9')) await coordinator.promise;
    return commit(offsets);
  };
  const handled = letters(one, slow);
  handled('7');
  await one.flush();
  handled('8');
  const underWay = one.flush();
  one.recommit();
  coordinator.resolve();
  await underWay;
  await one.flush();
  expect(commits).toEqual([['letters/1@8'], ['letters/1@9'], ['letters/1@9']]);
});

it.each([false, true])(
  "the committer passes the broker's answer to the membership only while that membership lasts (ended: %s)",
  async (isOver) => {
    const notified: string[] = [];
    committer = new OffsetCommitter({
      committed: () => notified.push('committed'),
      commitFailed: () => notified.push('failed'),
    });
    const answers = Promise.withResolvers<void>();
    letters(committer, () => answers.promise)('7');
    const flushing = committer.flush();
    if (isOver) committer.reset();
    answers.reject(new Error('refused'));
    await flushing;
    letters(committer, async () => undefined)('8');
    await committer.flush();
    expect(notified).toEqual(isOver ? ['committed'] : ['failed', 'committed']);
  },
);
