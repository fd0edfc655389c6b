import { expect, it } from 'vitest';
import { instantOf, OpsError } from './open-platform.ts';

it('instantOf reads a time in the format of RFC 3339', () => {
  expect(instantOf('--to', '2026-11-23T04:00:00Z').getTime()).toBe(Date.UTC(2026, 10, 23, 4));
  expect(instantOf('--to', '2026-11-23T05:00:00.5+01:00').getTime()).toBe(
    Date.UTC(2026, 10, 23, 4, 0, 0, 500),
  );
});

// Kafka reads the timestamp -1 as the end of a topic: a rewind to it would skip everything.
it.each([
  '1969-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00Z',
  '+275760-09-13',
  '2026-02-30T00:00:00Z',
  '2026-11-23',
  '2026-11-23 04:00',
  '2026-11-23T04:00:00',
  '2026-11-23T24:00:01Z',
  'yesterday',
  '',
])(
  'instantOf refuses a time before 2000, in a wrong format or without a time zone: "%s"',
  (text) => {
    expect(() => instantOf('--to', text)).toThrow(OpsError);
  },
);
