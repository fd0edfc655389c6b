import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Envelope, headersOf, readHeaders } from '@opennrm/messaging';
import { describe, expect, it } from 'vitest';
import { GOLDEN, releases } from './golden.ts';

interface Stored {
  readonly topic: string;
  readonly envelope: Envelope;
  readonly headers: Record<string, string>;
}
const stored = releases().map((release) => ({
  release,
  ...(JSON.parse(readFileSync(join(GOLDEN, release, 'headers.json'), 'utf8')) as Stored),
}));

describe('the headers of a message', () => {
  it.each(stored)('are the same as in release $release', ({ topic, envelope, headers }) => {
    expect(headersOf(topic, envelope)).toMatchObject(headers);
  });

  it.each(stored)(
    'that release $release wrote are read as the same envelope',
    ({ envelope, headers }) => {
      expect(readHeaders(headers, envelope.key)).toEqual(envelope);
    },
  );

  it.each(stored)(
    'of release $release need a sequence and an epoch, each a positive whole number',
    ({ envelope, headers }) => {
      expect(headers).toMatchObject({
        ce_sequence: String(envelope.sequence),
        ce_epoch: String(envelope.epoch),
      });
      for (const name of ['ce_sequence', 'ce_epoch']) {
        const { [name]: _removed, ...others } = headers;
        expect(readHeaders(others, envelope.key)).toEqual({
          malformed: `${name} is not a positive whole number`,
        });
      }
    },
  );

  it.each(stored)(
    'of release $release need a key in lower case: another spelling would be another stream',
    (one) => {
      const id = 'abcdef00-0000-4000-8000-0000000000aa';
      const headers = { ...one.headers, ce_partitionkey: id };
      expect(readHeaders(headers, id)).toMatchObject({ key: id });
      const capitals = { ...headers, ce_partitionkey: id.toUpperCase() };
      expect(readHeaders(capitals, id.toUpperCase())).toEqual({
        malformed: 'the key is a UUID that is not in small letters',
      });
    },
  );
});
