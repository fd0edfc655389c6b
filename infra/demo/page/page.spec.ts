import { describe, expect, it } from 'vitest';
import type { CheckedPromise } from '../promises/check.ts';
import type { CaseEvent, OneCase } from '../report/one-case.ts';
import { type PageData, page } from './page.ts';
import { SAMPLE_SQL, type Sample } from './samples.ts';
import { seriesOf, totalOf } from './series.ts';
import { stateGroups, urgencies } from './state-groups.ts';
import { timeText } from './time-axis.ts';

const HOUR = 3_600_000;
const MONDAY = Date.UTC(2026, 0, 4, 23); // midnight in the time zone of the sample country
const period = { begin: MONDAY, end: MONDAY + 6 * HOUR, step: 2 * HOUR };

const sample = (hour: number, urgency: number, stage: string, count: number): Sample => ({
  at: MONDAY + hour * HOUR,
  urgency,
  stage,
  count,
});
const samples = [
  sample(1, 0, 'searching', 2),
  sample(1, 0, 'waiting-for-basis', 1),
  sample(1, 1, 'offered', 7),
  sample(3, 0, 'started', 41),
  sample(3, 2, 'withdrawn', 5),
];

const event = (hour: number, name: string, service = '', code = ''): CaseEvent => ({
  at: MONDAY + hour * HOUR,
  event: name,
  service,
  code,
  role: 'responder',
});
const oneCase: OneCase = {
  referralId: '0b6f3c1e-7c1b-4a55-9a60-0f8f5d1c2a01',
  urgency: 'emergency',
  group: 'women',
  partySize: 1,
  events: [
    event(0, 'ReferralRequested'),
    event(1, 'OfferDeclined', 'service A', 'full'),
    event(5, 'ServiceStarted', 'service B'),
  ],
  reasons: {
    ruleVersion: 'xs-2026.1',
    servicesChecked: 'more',
    asked: [{ service: 'service A', terms: 'wishes-unmet 2' }],
    excludedBy: [{ rule: 'GROUP', band: '6-20' }],
  },
};
const promises: CheckedPromise[] = [
  { promise: '1 never lost', statement: 'each request is a referral', violations: [] },
  { promise: '2 never doubled', statement: 'each unit has one holder', violations: ['unit 7'] },
];
const data: PageData = {
  summary: '300 people needed a safe place.',
  period,
  samples,
  oneCase,
  promises,
  faults: 0,
};
const empty: PageData = { ...data, samples: [], oneCase: undefined, promises: [] };

describe.each([
  ['with results', data],
  ['without results', empty],
])('the page of the demo %s', (_, shown) => {
  const html = page(shown);

  it('needs no script and no other file', () => {
    expect(html).not.toMatch(/https?:|<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bon\w+=/i);
  });

  it('has a title, a description and a table of its numbers for each drawing', () => {
    const drawings = html.match(/<svg[^>]*role="img"/g)?.length;
    for (const part of ['<title id=', '<desc id=', '<details>'])
      expect(html.split(part).length - 1, part).toBe(drawings);
  });

  it('has no number that could not be computed, and closes each element', () => {
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
    for (const tag of ['svg', 'table', 'details', 'ul', 'desc', 'td', 'th', 'text'])
      expect(html.split(`</${tag}>`).length, tag).toBe(
        html.split(new RegExp(`<${tag}[ >]`)).length,
      );
  });
});

it('the page shows the counts of the samples in its tables', () => {
  const html = page(data);
  const countsOf = (counts: readonly number[]): string =>
    counts.map((one) => `<td>${one}</td>`).join('');
  for (const nth of urgencies.keys()) {
    const { instants, counts } = seriesOf(samples, nth, period);
    instants.forEach((at, index) => {
      const row = `<tr><th scope="row">${timeText(at)}</th>${countsOf(counts[index] ?? [])}</tr>`;
      expect(html).toContain(row);
    });
  }
});

it('a chart has the last counts until each of its instants, and zero before the first sample', () => {
  const { instants, counts } = seriesOf(samples, 0, period);
  expect(instants.map((at) => (at - MONDAY) / HOUR)).toEqual([0, 2, 4, 6]);
  expect(counts.map(totalOf)).toEqual([0, 3, 41, 41]);
  const waiting = stateGroups.findIndex(({ label }) => label === 'waiting');
  expect(counts.map((row) => row[waiting])).toEqual([0, 3, 0, 0]);
});

it('the page shows each event and each reason of the referral', () => {
  const html = page(data);
  for (const { event: name } of oneCase.events) expect(html).toContain(`<td>${name}</td>`);
  for (const shown of [oneCase.referralId, 'wishes-unmet 2', 'GROUP', '<td>6-20</td>', 'xs-2026.1'])
    expect(html).toContain(shown);
});

it('the page shows each promise as kept or broken, with its violations', () => {
  const html = page(data);
  for (const { promise, statement } of promises) {
    expect(html).toContain(promise);
    expect(html).toContain(statement);
  }
  expect(html).toContain('<td>kept</td>');
  expect(html).toContain('BROKEN');
  expect(html).toContain('<li>unit 7</li>');
  expect(html).toContain('1 of 2 checks found violations');
  const kept = promises.filter(({ violations }) => violations.length === 0);
  expect(page({ ...data, promises: kept })).toContain('All 1 checks found no violation.');
});

it('text of the data is escaped', () => {
  const hostile = `<b onclick="x">&'`;
  const html = page({
    ...data,
    summary: hostile,
    oneCase: { ...oneCase, group: hostile, events: [event(0, hostile, hostile, hostile)] },
    promises: [{ promise: hostile, statement: hostile, violations: [hostile] }],
  });
  expect(html).not.toContain('<b ');
  expect(html).toContain('&lt;b onclick=&quot;x&quot;&gt;&amp;&#39;');
});

it('the counts are read from two columns of codes', () => {
  expect(SAMPLE_SQL).toMatch(/^SELECT urgency, stage, count\(\*\)::int AS count FROM referral /);
});
