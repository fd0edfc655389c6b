import type { Offsets } from 'kafkajs';
import { afterEach, expect, it } from 'vitest';
import { Membership } from './membership.ts';
import { Progress } from './progress.ts';

let commits: string[][] = [];
let fails = false;
let progress = new Progress(new Membership());
afterEach(() => progress.stop());

const said = ({ topics }: Offsets): string[] =>
  topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => `${topic}/${partition}@${offset}`),
  );
const commit = async (offsets: Offsets): Promise<void> => {
  if (fails) throw new Error('the coordinator has moved');
  commits.push(said(offsets));
};
const started = (): Progress => {
  [commits, fails, progress] = [[], false, new Progress(new Membership())];
  return progress;
};
const letters = (one: Progress, by = commit): ((lastOffset: string) => boolean) => one.of('letters', 1, by);

it('commits the offset after the last that was handled, once', async () => {
  const one = started();
  const handled = letters(one);
  for (const offset of ['7', '8', '9']) handled(offset);
  one.of('letters', 2, commit)('3');
  one.of('parcels', 1, commit)('0');
  await one.flush();
  await one.flush();
  expect(commits).toEqual([['letters/1@10', 'letters/2@4', 'parcels/1@1']]);
});

it('says what failed again, unless it has gone further', async () => {
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

it('forgets what was not committed when the group is joined anew, also what an older batch still says', async () => {
  const one = started();
  const older = letters(one);
  expect(older('7')).toBe(true);
  one.begin();
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

it('says again what it said last, for one whose answer was lost may have come after it', async () => {
  const one = started();
  letters(one)('7');
  await one.flush();
  one.sayAgain();
  await one.flush();
  expect(commits).toEqual([['letters/1@8'], ['letters/1@8']]);
  one.begin();
  one.sayAgain();
  await one.flush();
  expect(commits).toHaveLength(2);
});

it('never says again what is older than the commit under way', async () => {
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
  one.sayAgain();
  coordinator.resolve();
  await underWay;
  await one.flush();
  expect(commits).toEqual([['letters/1@8'], ['letters/1@9'], ['letters/1@9']]);
});

it.each([false, true])('tells the membership of what the broker answers, while it lasts (over: %s)', async (isOver) => {
  const told: string[] = [];
  progress = new Progress({ committed: () => told.push('committed'), commitFailed: () => told.push('failed') });
  const answers = Promise.withResolvers<void>();
  letters(progress, () => answers.promise)('7');
  const flushing = progress.flush();
  if (isOver) progress.begin();
  answers.reject(new Error('refused'));
  await flushing;
  letters(progress, async () => undefined)('8');
  await progress.flush();
  expect(told).toEqual(isOver ? ['committed'] : ['failed', 'committed']);
});
