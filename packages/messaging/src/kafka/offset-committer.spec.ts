import type { Offsets } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { Membership } from './membership.ts';
import { OffsetCommitter } from './offset-committer.ts';

let commits: string[][] = [];
let fails = false;
let committer = new OffsetCommitter(new Membership());
afterEach(() => committer.stop());

const said = ({ topics }: Offsets): string[] =>
  topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => `${topic}/${partition}@${offset}`),
  );
const commit = async (offsets: Offsets): Promise<void> => {
  if (fails) throw new Error('the coordinator has moved');
  commits.push(said(offsets));
};
const started = (): OffsetCommitter => {
  [commits, fails, committer] = [[], false, new OffsetCommitter(new Membership())];
  return committer;
};
const letters = (one: OffsetCommitter, by = commit): ((lastOffset: string) => boolean) =>
  one.trackPartition('letters', 1, by);

it('commits the offset after the last that was handled, once', async () => {
  const one = started();
  const handled = letters(one);
  for (const offset of ['7', '8', '9']) handled(offset);
  one.trackPartition('letters', 2, commit)('3');
  one.trackPartition('parcels', 1, commit)('0');
  await one.flush();
  await one.flush();
  expect(commits).toEqual([['letters/1@10', 'letters/2@4', 'parcels/1@1']]);
});

it('commits a failed offset again, unless a later one has been handled', async () => {
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

it('drops uncommitted offsets when the group is rejoined, also those of a batch that started before', async () => {
  const one = started();
  const older = letters(one);
  expect(older('7')).toBe(true);
  one.reset();
  expect(older('8')).toBe(false);
  await one.stop();
  expect(commits).toEqual([]);
});

it('commits what is left when it stops', async () => {
  const one = started();
  letters(one)('7');
  await one.stop();
  expect(commits).toEqual([['letters/1@8']]);
});

it('commits one after the other: an older one that takes long never comes after a newer one', async () => {
  const [one, coordinator] = [started(), Promise.withResolvers<void>()];
  const slow = async (offsets: Offsets): Promise<void> => {
    if (said(offsets).includes('letters/1@8')) await coordinator.promise;
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

it('repeats its last commit, since an older one whose response was lost may have been stored after it', async () => {
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

it('never repeats an offset older than the commit under way', async () => {
  const [one, coordinator] = [started(), Promise.withResolvers<void>()];
  const slow = async (offsets: Offsets): Promise<void> => {
    if (said(offsets).includes('letters/1@9')) await coordinator.promise;
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
  'tells the membership of what the broker answers, while it lasts (over: %s)',
  async (isOver) => {
    const told: string[] = [];
    committer = new OffsetCommitter({
      committed: () => told.push('committed'),
      commitFailed: () => told.push('failed'),
    });
    const answers = Promise.withResolvers<void>();
    letters(committer, () => answers.promise)('7');
    const flushing = committer.flush();
    if (isOver) committer.reset();
    answers.reject(new Error('refused'));
    await flushing;
    letters(committer, async () => undefined)('8');
    await committer.flush();
    expect(told).toEqual(isOver ? ['committed'] : ['failed', 'committed']);
  },
);
