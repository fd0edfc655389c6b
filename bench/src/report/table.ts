import { table } from '@opennrm/infra/report';
import { rateText } from '../load/carried.ts';
import type { Measured } from '../load/run.ts';
import { isMet, type Measurement, shortfallOf } from './findings.ts';
import type { Report } from './report.ts';

const number = (value: number): string =>
  value >= 1_000
    ? Math.round(value).toLocaleString('en')
    : value >= 100
      ? value.toFixed(0)
      : value.toFixed(2);

export const aimText = ({ aim, unit }: Measurement): string =>
  aim
    ? `${aim.side === 'at most' ? '≤' : '≥'} ${number(aim.limit).replace(/\.00$/, '')} ${unit}`
    : '';

/** Whether the aim is met, or why there is no value or no aim. */
export const aimResult = (finding: Measurement): string => {
  const met = isMet(finding);
  if (met === undefined) return finding.remark ?? '';
  return met ? 'met' : `MISSED by ${shortfallOf(finding).toFixed(1)}×`;
};

export const valueText = ({ value }: Measurement): string =>
  value === undefined ? 'not measured' : number(value);

/** The whole report as text. */
export function asText(report: Report): string {
  const { machine } = report;
  return [
    `OpenNRM bench, ${report.at}${report.quick ? ', quick' : ''}: ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, Node ${machine.node}; load of the machine before: ${machine.loadBefore}`,
    '',
    'Loads (milliseconds; every system on the same servers, one after another)',
    loads(report.loads),
    '',
    'Processor seconds for 1,000 sagas',
    processors(report.loads),
    '',
    'Findings',
    measurements(report.measurements),
    ...(report.notes.length > 0 ? ['', 'Notes', ...report.notes.map((note) => `  ${note}`)] : []),
    ...report.profiles.flatMap((profile) => [
      '',
      profile.title,
      ...profile.lines.map((line) => `  ${line}`),
    ]),
    '',
  ].join('\n');
}

const loads = (all: readonly Measured[]): string =>
  table([
    [
      'load',
      'sagas',
      'lost',
      '/s',
      'offer p50',
      'p90',
      'p99',
      'confirmed p50',
      'p90',
      'p99',
      'deadlocks',
      'others’ cores',
      'generator late p99',
    ],
    ...all.map((one) => [
      one.name,
      one.begun,
      one.unfinished,
      rateText(one),
      one.offered.p50,
      one.offered.p90,
      one.offered.p99,
      one.confirmed.p50,
      one.confirmed.p90,
      one.confirmed.p99,
      one.deadlocks,
      one.othersCores,
      one.generator.late99.toFixed(1),
    ]),
  ]);

const processors = (all: readonly Measured[]): string =>
  table([
    ['load', 'all', 'of which'],
    ...all.map(({ name, carried, cpuPerThousand }) => [
      name,
      carried
        ? Object.values(cpuPerThousand)
            .reduce((a, b) => a + b, 0)
            .toFixed(1)
        : 'not carried',
      Object.entries(cpuPerThousand)
        .map(([process, seconds]) => `${process} ${seconds}`)
        .join(', '),
    ]),
  ]);

const measurements = (list: readonly Measurement[]): string =>
  table([
    ['', 'value', 'unit', 'aim', ''],
    ...list.map((one) => [
      `${one.part}: ${one.what}`,
      valueText(one),
      one.unit,
      aimText(one),
      aimResult(one),
    ]),
  ]);
