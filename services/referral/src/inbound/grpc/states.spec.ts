import { expect, it } from 'vitest';
import { reads } from './reads.ts';

const problemsOf = (state: unknown) => {
  if (reads.listReferrals.kind !== 'unary') throw new Error('an rpc with one answer');
  const checked = reads.listReferrals.check({ pageSize: 0, pageToken: '', state: state as never });
  return checked.ok ? [] : checked.problems;
};

it('the list of referrals accepts every state, and lists all where none is named', () => {
  for (let state = 0; state <= 15; state++) expect(problemsOf(state)).toEqual([]);
});

it.each([16, -1, 99])(
  'the list of referrals refuses the unknown state %i and names the known states',
  (state) =>
    expect(problemsOf(state)).toEqual([
      {
        field: 'state',
        rule:
          'must be unspecified, or one of waiting-for-basis, searching, offered, confirming, awaiting-person, agreed, journey, ' +
          'journey-failed, unplaced, started, withdrawn, refused, ended, waiting-for-desk, appointment',
      },
    ]),
);
