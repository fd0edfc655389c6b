import { expect, it } from 'vitest';
import { type Proposal, proposalSentences } from './proposals.ts';

const now = new Date('2026-03-10T08:00:00Z');
const on = (day: string): Date => new Date(`${day}T12:00:00Z`);

const suspended = (serviceId: string, fileDate?: Date, currentSince?: Date): Proposal => ({
  kind: 'accreditation-stays',
  serviceId,
  accreditation: 'suspended',
  fileDate,
  currentSince,
});
const sentence = (proposal: Proposal): string => proposalSentences([proposal], now)[0] ?? '';

it('a proposal names each field that differs, with the value of the file and the current value', () => {
  const differences = [
    { field: 'groups', file: 'men, women', current: 'women' },
    { field: 'region', file: 'lakes', current: 'harbour' },
  ];
  expect(
    sentence({
      kind: 'entry-differs',
      serviceId: 's',
      differences,
      fileDate: on('2026-03-01'),
      currentSince: on('2026-02-01'),
    }),
  ).toBe(
    'Service s: its entry stays as it is. The file proposes groups: men, women (here: women); region: lakes (here: harbour). ' +
      'The record in the file is of 2026-03-01, 9 days ago. The value here is of 2026-02-01. The file is newer.',
  );
});

it('a proposal states whether the file or the directory is older, in days', () => {
  expect(sentence(suspended('s', on('2026-03-09'), on('2026-03-10')))).toContain('1 day ago.');
  expect(sentence(suspended('s', on('2026-03-09'), on('2026-03-10')))).toContain(
    'The file is older.',
  );
  expect(sentence(suspended('s', new Date('2026-03-10'), on('2026-03-10')))).toContain(
    'Both are of the same day.',
  );
});

it('a proposal states that the age is unknown where the file has no date, or a date in the future', () => {
  for (const date of [undefined, on('2026-03-10')])
    expect(sentence(suspended('s', date, on('2026-01-01')))).toMatch(
      /The record in the file is of unknown age\. The value here is of 2026-01-01\.$/,
    );
  expect(sentence(suspended('s', on('2026-03-01')))).toMatch(
    /It is not known when the value here was declared\.$/,
  );
});

it('proposals are ordered by the date in the file, the newest first and unknown dates last', () => {
  const proposals = [
    suspended('unknown'),
    suspended('older', on('2026-01-01')),
    suspended('not-come', on('2027-01-01')),
    suspended('newer', on('2026-03-01')),
  ];
  const order = proposalSentences(proposals, now).map((one) => one.split(':')[0]);
  expect(order).toEqual(['Service newer', 'Service older', 'Service not-come', 'Service unknown']);
});
