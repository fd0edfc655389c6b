import { beforeEach, describe, expect, it } from 'vitest';
import { Membership } from './membership.ts';

let now: number;
let membership: Membership;
beforeEach(() => {
  now = 1_000;
  membership = new Membership(() => now);
});

const refused = (type: string): Error => Object.assign(new Error('refused'), { type });

describe('the membership of a consumer', () => {
  it('agrees with its group while its heartbeats are of the generation that it joined', () => {
    membership.joined();
    for (now of [1_000, 60_000]) membership.heartbeat(3);
    expect(membership.wrongFor()).toBe(0);
  });

  it('differs from the first heartbeat in a generation that it did not join', () => {
    membership.joined();
    membership.heartbeat(3);
    now = 2_000;
    membership.heartbeat(4);
    now = 9_000;
    membership.heartbeat(4);
    expect(membership.wrongFor()).toBe(7_000);
  });

  it('agrees again when it has joined that generation', () => {
    membership.joined();
    membership.heartbeat(3);
    membership.heartbeat(4);
    membership.joined();
    membership.heartbeat(4);
    now = 9_000;
    expect(membership.wrongFor()).toBe(0);
  });

  it.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'])('differs while its commits are refused with %s', (type) => {
    membership.commitFailed(refused(type));
    now = 5_000;
    membership.commitFailed(new Error('tried too often', { cause: refused(type) }));
    expect(membership.wrongFor()).toBe(4_000);
    membership.committed();
    expect(membership.wrongFor()).toBe(0);
  });

  it('agrees when commits fail for another reason: a broker that is away, a group that changes', () => {
    membership.commitFailed(new Error('connection closed'));
    membership.commitFailed(refused('REBALANCE_IN_PROGRESS'));
    now = 60_000;
    expect(membership.wrongFor()).toBe(0);
  });

  it('differs since the earlier of the two signs', () => {
    membership.joined();
    membership.heartbeat(3);
    membership.commitFailed(refused('ILLEGAL_GENERATION'));
    now = 3_000;
    membership.heartbeat(4);
    expect(membership.wrongFor()).toBe(2_000);
    membership.committed();
    now = 4_000;
    expect(membership.wrongFor()).toBe(1_000);
  });
});
