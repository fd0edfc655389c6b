import { expect, it } from 'vitest';
import { clientProblemOf } from './client-problem.ts';

const timestamp = '2026-01-01T00:00:00.000Z';

it("the log names the request that a broker refused and the broker's answer", () => {
  const log = {
    timestamp,
    message: 'Response OffsetCommit(key: 8, version: 5)',
    error: 'The coordinator is not available',
    broker: '10.0.0.7:9092',
    size: 60,
  };
  expect(clientProblemOf({ namespace: 'Connection', log })).toEqual({
    kafka: 'Connection',
    request: 'OffsetCommit',
    answer: 'The coordinator is not available',
  });
});

it('the log contains no host name of a failed connection', () => {
  const log = {
    timestamp,
    message: 'Connection error: connect ECONNREFUSED 10.0.0.7:9092',
    broker: '10.0.0.7:9092',
  };
  expect(clientProblemOf({ namespace: 'Connection', log })).toEqual({ kafka: 'Connection' });
});

it('the log contains no answer to an authentication request, because a broker may put a name into it', () => {
  const log = {
    timestamp,
    message: 'Response SaslAuthenticate(key: 36, version: 1)',
    error: 'someone is not known',
  };
  expect(clientProblemOf({ namespace: 'Connection', log })).toEqual({ kafka: 'Connection' });
});
