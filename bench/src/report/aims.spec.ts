import { expect, it } from 'vitest';
import type { Measured } from '../load/run.ts';
import { latencyOf } from '../measure/latency.ts';
import { compare } from './aims.ts';
import { isMet, type Measurement, Measurements } from './findings.ts';
import { loadOf } from './load.fixture.ts';

function compared(...loads: Measured[]): Measurements {
  const measurements = new Measurements();
  for (const load of loads) measurements.load(load);
  compare(measurements);
  return measurements;
}

function row({ list }: Measurements, words: string): Measurement {
  const found = list.find(({ what }) => what.includes(words));
  if (!found) throw new Error(`no row with ${words} among ${list.map(({ what }) => what)}`);
  return found;
}

const platform = (perSecond: number): Measured => loadOf('platform, flood', { perSecond });
const bareFlood = loadOf('bare, flood', { perSecond: 100 });
const half = (name: string, ms: number, cpu: number): Measured =>
  loadOf(`${name}, half load`, {
    pace: { kind: 'open', perSecond: 60 },
    offered: latencyOf([ms]),
    confirmed: latencyOf([ms]),
    cpuPerThousand: { all: cpu },
  });
const notCarried = { carried: false, perSecond: 31, cpuPerThousand: {} };

it.each([
  [119, false],
  [120, true],
])(
  'a saturated rate of %d, where the bare pipeline reaches 100, meets its aim: %s',
  (rate, met) => {
    expect(isMet(row(compared(platform(rate), bareFlood), 'bare, same rows'))).toBe(met);
  },
);

it('the set-based limit has no aim', () => {
  const measurements = compared(platform(120), bareFlood, loadOf('set-based, flood'));
  expect(row(measurements, 'set-based limit')).toMatchObject({ value: 1.2 });
  expect(row(measurements, 'set-based limit').aim).toBeUndefined();
});

it('the platform must reach the rate of the faster of the two durable peers', () => {
  const peers = [
    loadOf('DBOS, flood', { perSecond: 155 }),
    loadOf('emmett, flood', { perSecond: 56 }),
    loadOf('naive, flood', { perSecond: 326 }),
    loadOf('Restate, flood', { perSecond: 310 }),
  ];
  const best = (rate: number) =>
    row(compared(platform(rate), ...peers), 'best durable peer (DBOS)');
  expect(isMet(best(154))).toBe(false);
  expect(isMet(best(155))).toBe(true);
  for (const name of ['naive', 'Restate'])
    expect(row(compared(platform(155), ...peers), `platform / ${name}`).aim).toBeUndefined();
});

it('at half of the saturated rate p99 may be twice that of bare, and the processor four fifths of it', () => {
  const at = (ms: number, cpu: number) =>
    compared(platform(120), bareFlood, half('platform', ms, cpu), half('bare', 20, 10));
  const p99 = 'p99 accept → confirmed, half load (60/s): platform / bare';
  expect(isMet(row(at(40, 8), p99))).toBe(true);
  expect(isMet(row(at(40.1, 8), p99))).toBe(false);
  expect(isMet(row(at(40, 8), 'processor for 1,000 referrals, half load'))).toBe(true);
  expect(isMet(row(at(40, 8.1), 'processor for 1,000 referrals, half load'))).toBe(false);
});

it('without a rate of saturation there is no half load, and its rows say so', () => {
  const flood = loadOf('platform, flood', notCarried);
  expect(row(compared(flood, bareFlood), 'half load')).toMatchObject({
    value: undefined,
    remark: 'the rate of half of the saturation is not known',
  });
});

it('the aim of 100 ms is for a machine that carries 100 referrals a second', () => {
  const steady = loadOf('platform, 50 a second', { offered: latencyOf([120]) });
  const p99 = (rate: number) =>
    row(compared(steady, platform(rate)), 'p99 request → offer visible, 50/s');
  expect(isMet(p99(100))).toBe(false);
  expect(p99(99.9)).toMatchObject({
    value: 120,
    remark: '≤ 100 ms where the machine carries 100/s; here 99.9/s',
  });
  expect(p99(99.9).aim).toBeUndefined();
});

it('a load that is not carried gives no number, and its rows name it', () => {
  const steady = loadOf('platform, 50 a second', notCarried);
  const measurements = compared(steady, platform(120));
  for (const words of ['p99 request → offer visible, 50/s', 'processor for 1,000'])
    expect(row(measurements, words)).toMatchObject({
      value: undefined,
      remark: 'the machine does not carry platform, 50 a second',
    });
  const flood = compared(platform(120), loadOf('bare, flood', notCarried));
  expect(row(flood, 'bare, same rows')).toMatchObject({
    value: undefined,
    remark: 'the machine does not carry bare, flood',
  });
});

it('a peer that is not carried is not the best, and where none is carried the row says so', () => {
  const dbos = loadOf('DBOS, flood', notCarried);
  const emmett = loadOf('emmett, flood', { perSecond: 56 });
  expect(row(compared(platform(120), dbos, emmett), 'best durable peer').what).toContain('emmett');
  expect(row(compared(platform(120), dbos), 'best durable peer')).toMatchObject({
    value: undefined,
    remark: 'the machine does not carry DBOS, flood',
  });
});
