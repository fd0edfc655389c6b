import { expect, it } from 'vitest';
import { Measurements } from './findings.ts';
import { asHtml } from './html.ts';
import { loadOf } from './load.fixture.ts';
import { notMeasured } from './ratio.ts';
import { reportOf } from './report.ts';
import { asText } from './table.ts';

const measurements = new Measurements();
measurements.load(
  loadOf('platform, 50 a second', {
    pace: { kind: 'open', perSecond: 50 },
    carried: false,
    perSecond: 31.4,
    cpuPerThousand: {},
  }),
);
measurements.load(loadOf('platform, flood', { perSecond: 86 }));
measurements.add({
  part: 'rebuild',
  what: 'rebuild / rebuild of 0.1.0',
  unit: '×',
  aim: { side: 'at least', limit: 5 },
  ...notMeasured('this checkout has no history'),
});
const report = reportOf(measurements, true, 0, []);

const lineOf = (text: string, words: string): string =>
  text.split('\n').find((line) => line.includes(words)) ?? '';

it('the table reports a load that is not carried as such, with the rate of its whole run', () => {
  const text = asText(report);
  expect(lineOf(text, 'platform, 50 a second')).toContain('not carried: 31.4');
  expect(lineOf(text, 'platform, flood')).toMatch(/\s86\s/);
  expect(text).toContain('31.4/s were confirmed in the whole run');
  expect(text).toMatch(/platform, 50 a second\s+not carried\s*\n/);
});

it('the table says why an aim was not measured, and counts it as neither met nor missed', () => {
  const line = lineOf(asText(report), 'rebuild of 0.1.0');
  expect(line).toMatch(/not measured\s+×\s+≥ 5 ×\s+this checkout has no history/);
});

it('the page and the JSON report a load that is not carried as such', async () => {
  const page = await asHtml(report);
  expect(page).toContain('platform (not carried)');
  expect(page).toContain('not carried: 31.4');
  expect(lineOf(page, '<td>rebuild: rebuild / rebuild of 0.1.0')).toContain(
    '<td class="">this checkout has no history</td>',
  );
  expect(JSON.parse(JSON.stringify(report)).loads[0]).toMatchObject({
    carried: false,
    perSecond: 31.4,
  });
});
