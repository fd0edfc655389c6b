import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Measured } from '../load/run.ts';
import type { Report } from './report.ts';

export interface Chart {
  readonly title: string;
  readonly svg: string;
}

const WIDTH = 720;
const MILLISECONDS = {
  type: 'quantitative',
  scale: { type: 'log' },
  axis: { grid: true },
} as const;

/** The charts are drawn as SVG when the report is written. */
export async function charts({ loads }: Report): Promise<Chart[]> {
  const steady = loads.filter(({ name }) => name.endsWith('50 a second'));
  const half = loads.filter(({ name }) => name.endsWith('half load'));
  const floods = loads.filter(({ name }) => name.endsWith('flood'));
  const grown = loads.filter(({ name }) => /empty|cases/.test(name));
  const wanted: [string, TopLevelSpec][] = [];
  if (steady.length > 0) {
    wanted.push([
      '50 a second: request → offer visible, ms at each percent',
      curves(steady, 'offered'),
    ]);
    wanted.push([
      '50 a second: accept → confirmed, ms at each percent',
      curves(steady, 'confirmed'),
    ]);
  }
  if (half.length > 0)
    wanted.push([
      'Half of the saturated rate of the platform: request → offer visible, ms at each percent',
      curves(half, 'offered'),
    ]);
  if (floods.length > 0) wanted.push(['Saturated: referrals a second', saturated(floods)]);
  if (loads.length > 0) wanted.push(['Processor seconds for 1,000 sagas', processors(loads)]);
  if (grown.length > 0)
    wanted.push([
      'Empty and years later, 50 a second: request → offer visible',
      curves(grown, 'offered'),
    ]);
  return Promise.all(wanted.map(async ([title, spec]) => ({ title, svg: await draw(spec) })));
}

const draw = (spec: TopLevelSpec): Promise<string> =>
  new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();

const systemOf = ({ name, carried }: Measured): string =>
  `${name.replace(/, (50 a second|half load|flood)$/, '')}${carried ? '' : ' (not carried)'}`;

const curves = (loads: readonly Measured[], of: 'offered' | 'confirmed'): TopLevelSpec => ({
  width: WIDTH,
  height: 300,
  mark: { type: 'line', strokeWidth: 2 },
  data: {
    values: loads.flatMap((one) =>
      one[of].curve.flatMap((ms, percent) =>
        ms > 0 ? [{ system: systemOf(one), percent, ms }] : [],
      ),
    ),
  },
  encoding: {
    x: { field: 'percent', type: 'quantitative', title: 'percent of sagas' },
    y: { field: 'ms', title: 'milliseconds', ...MILLISECONDS },
    color: { field: 'system', type: 'nominal', sort: null, title: null },
  },
});

const saturated = (loads: readonly Measured[]): TopLevelSpec => ({
  width: WIDTH,
  height: { step: 26 },
  mark: 'bar',
  data: { values: loads.map((one) => ({ system: systemOf(one), perSecond: one.perSecond })) },
  encoding: {
    y: { field: 'system', type: 'nominal', sort: null, title: null },
    x: { field: 'perSecond', type: 'quantitative', title: 'confirmed a second' },
  },
});

const processors = (loads: readonly Measured[]): TopLevelSpec => ({
  width: WIDTH,
  height: { step: 22 },
  mark: 'bar',
  data: {
    values: loads.flatMap((one) =>
      Object.entries(one.cpuPerThousand).map(([process, seconds]) => ({
        load: one.name,
        process,
        seconds,
      })),
    ),
  },
  encoding: {
    y: { field: 'load', type: 'nominal', sort: null, title: null, axis: { labelLimit: 320 } },
    x: { field: 'seconds', type: 'quantitative', title: 'seconds' },
    color: { field: 'process', type: 'nominal', title: null },
  },
});
