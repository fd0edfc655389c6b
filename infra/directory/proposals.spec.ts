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

it('names each field that differs, with what the file says and what stands', () => {
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
      'What the file says is of 2026-03-01, 9 days ago. What stands here is of 2026-02-01. The file is newer.',
  );
});

it('says whether the file or the directory is older, in days', () => {
  expect(sentence(suspended('s', on('2026-03-09'), on('2026-03-10')))).toContain('1 day ago.');
  expect(sentence(suspended('s', on('2026-03-09'), on('2026-03-10')))).toContain(
    'The file is older.',
  );
  expect(sentence(suspended('s', new Date('2026-03-10'), on('2026-03-10')))).toContain(
    'Both are of the same day.',
  );
});

it('says that an age is unknown where the file gives no date, or one that has not come', () => {
  for (const date of [undefined, on('2026-03-10')])
    expect(sentence(suspended('s', date, on('2026-01-01')))).toMatch(
      /What the file says is of unknown age\. What stands here is of 2026-01-01\.$/,
    );
  expect(sentence(suspended('s', on('2026-03-01')))).toMatch(
    /It is not known when what stands here was declared\.$/,
  );
});

it('says the newest of the file first and what is of unknown age last', () => {
  const proposals = [
    suspended('unknown'),
    suspended('older', on('2026-01-01')),
    suspended('not-come', on('2027-01-01')),
    suspended('newer', on('2026-03-01')),
  ];
  const order = proposalSentences(proposals, now).map((one) => one.split(':')[0]);
  expect(order).toEqual(['Service newer', 'Service older', 'Service not-come', 'Service unknown']);
});
