import { beforeEach, expect, it } from 'vitest';
import { RelayPolls } from './relay-polls.ts';

let now: number;
let polls: RelayPolls;
beforeEach(() => {
  now = 1_000;
  polls = new RelayPolls(undefined, () => now);
});

it('the relay reads the outbox once a second while nothing arrives', () => {
  expect(polls.next(false)).toBe(1_000);
});

it('the relay reads the outbox more often for ten seconds after a message of another replica', () => {
  polls.foundUnannounced();
  expect(polls.next(false)).toBe(150);
  now += 6_000;
  polls.foundUnannounced();
  now += 9_999;
  expect(polls.next(false)).toBe(150);
  now += 1;
  expect(polls.next(false)).toBe(1_000);
});

it('the relay looks more often while a topic waits for its next try', () => {
  expect(polls.next(true)).toBe(150);
  expect(polls.next(false)).toBe(1_000);
});
