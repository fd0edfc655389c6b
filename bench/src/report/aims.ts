import type { Measured } from '../load/run.ts';
import type { Measurements } from './findings.ts';

const P99_MS = 100;
const TIMES_BARE = 2;
const SHARE_OF_BARE = 0.6;
const TIMES_BEST_PEER = 2;
/** Peers that never lose what they acknowledged. The naive peer may apply a message twice, and is compared without an aim. */
const DURABLE_PEERS = ['DBOS', 'emmett'];

/** Compares the loads: each number as a ratio to a limit or to a peer of the same run. */
export function compare(measurements: Measurements): void {
  const [steady, flood] = [
    measurements.find('platform, 50 a second'),
    measurements.find('platform, flood'),
  ];
  if (steady) alone(measurements, steady);
  const bare = {
    steady: measurements.find('bare, 50 a second'),
    flood: measurements.find('bare, flood'),
  };
  if (steady && bare.steady) besideBare(measurements, steady, bare.steady);
  if (!flood) return;
  measurements.add({
    part: 'referrals',
    what: 'saturated',
    value: flood.perSecond,
    unit: 'referrals/s',
  });
  const share = (name: string, other: Measured | undefined, aim?: number): void => {
    if (other && other.perSecond > 0)
      measurements.add({
        part: 'bare',
        what: `saturated: platform / ${name}`,
        value: flood.perSecond / other.perSecond,
        unit: '×',
        ...(aim === undefined ? {} : { aim: { side: 'at least', limit: aim } }),
      });
  };
  share('bare, same rows', bare.flood, SHARE_OF_BARE);
  share('set-based limit', measurements.find('set-based, flood'));
  const durable = DURABLE_PEERS.flatMap((name) => measurements.find(`${name}, flood`) ?? []);
  const best = durable.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  if (best) share(`best durable peer (${best.name.split(',')[0]})`, best, TIMES_BEST_PEER);
  for (const peer of ['DBOS', 'emmett', 'naive']) share(peer, measurements.find(`${peer}, flood`));
}

function alone(measurements: Measurements, steady: Measured): void {
  const aim = { side: 'at most', limit: P99_MS } as const;
  measurements.add({
    part: 'referrals',
    what: 'p99 request → offer visible, 50/s',
    value: steady.offered.p99,
    unit: 'ms',
    aim,
  });
  measurements.add({
    part: 'referrals',
    what: 'p99 accept → confirmed, 50/s',
    value: steady.confirmed.p99,
    unit: 'ms',
    aim,
  });
  const cpu = Object.values(steady.cpuPerThousand).reduce((a, b) => a + b, 0);
  measurements.add({
    part: 'referrals',
    what: 'processor for 1,000 referrals, 50/s, all processes',
    value: cpu,
    unit: 's',
  });
}

function besideBare(measurements: Measurements, steady: Measured, bare: Measured): void {
  const aim = { side: 'at most', limit: TIMES_BARE } as const;
  for (const [what, of] of [
    ['request → offer visible', 'offered'],
    ['accept → confirmed', 'confirmed'],
  ] as const)
    measurements.add({
      part: 'bare',
      what: `p99 ${what}, 50/s: platform / bare`,
      value: steady[of].p99 / bare[of].p99,
      unit: '×',
      aim,
    });
}
