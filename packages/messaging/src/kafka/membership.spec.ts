import { beforeEach, describe, expect, it } from 'vitest';
import { Membership } from './membership.ts';

let now: number;
let membership: Membership;
beforeEach(() => {
  now = 1_000;
  membership = new Membership(() => now);
});

const refused = (type: string): Error => Object.assign(new Error('refused'), { type });

function fetchAt(moment: number): void {
  now = moment;
  membership.fetched();
}

describe('the membership of a consumer', () => {
  it('is right at the start, and after both steps of joining are done', () => {
    fetchAt(2_000);
    expect(membership.wrongFor()).toBe(0);
    membership.joining();
    membership.joined();
    fetchAt(90_000);
    expect(membership.wrongFor()).toBe(0);
  });

  it('is wrong while the consumer reads after the first step of joining alone', () => {
    membership.joining();
    fetchAt(5_000);
    membership.joining();
    fetchAt(9_000);
    expect(membership.wrongFor()).toBe(8_000);
    membership.joined();
    expect(membership.wrongFor()).toBe(0);
  });

  it('is not wrong while the consumer waits for its group and reads nothing', () => {
    membership.joining();
    membership.commitFailed(refused('UNKNOWN_MEMBER_ID'));
    now = 90_000;
    expect(membership.wrongFor()).toBe(0);
  });

  it.each(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'])(
    'is wrong while commits are refused with %s',
    (type) => {
      membership.commitFailed(refused(type));
      now = 5_000;
      membership.commitFailed(new Error('tried too often', { cause: refused(type) }));
      fetchAt(6_000);
      expect(membership.wrongFor()).toBe(5_000);
      membership.committed();
      expect(membership.wrongFor()).toBe(0);
    },
  );

  it('is right when commits fail because a broker is away or the group is rebalancing', () => {
    membership.commitFailed(new Error('connection closed'));
    membership.commitFailed(refused('REBALANCE_IN_PROGRESS'));
    fetchAt(60_000);
    expect(membership.wrongFor()).toBe(0);
  });

  it('is wrong since the earlier of the two signs', () => {
    membership.commitFailed(refused('ILLEGAL_GENERATION'));
    now = 3_000;
    membership.joining();
    fetchAt(4_000);
    expect(membership.wrongFor()).toBe(3_000);
    membership.committed();
    expect(membership.wrongFor()).toBe(1_000);
  });
});
