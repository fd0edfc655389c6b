import type { Measured } from '../load/run.ts';
import type { Aim, Measurements } from './findings.ts';
import { figureOf, notMeasured, ratioOf, type ValueOrReason } from './ratio.ts';

const P99: Aim = { side: 'at most', limit: 100 };
/** Referrals a second. The aim in milliseconds is for machines that carry twice the load at which it is measured. */
const P99_FROM_PER_SECOND = 100;
const P99_OF_BARE: Aim = { side: 'at most', limit: 2 };
const CPU_OF_BARE: Aim = { side: 'at most', limit: 0.8 };
const SATURATED_OF_BARE: Aim = { side: 'at least', limit: 1.2 };
const SATURATED_OF_BEST_PEER: Aim = { side: 'at least', limit: 1 };
/** Peers that never lose what they acknowledged. The naive peer may apply a message twice, and is compared without an aim. */
const DURABLE_PEERS = ['DBOS', 'emmett'];
/** Each has a row of its own. Restate keeps its log in its own server, and is a row without an aim. */
const PEERS = [...DURABLE_PEERS, 'naive', 'Restate'];

const STEPS = [
  ['request → offer visible', 'offered'],
  ['accept → confirmed', 'confirmed'],
] as const;

const rateOf = ({ perSecond }: Measured): number => perSecond;
/** Processor seconds of all processes, for a thousand sagas. */
const cpuOf = ({ cpuPerThousand }: Measured): number =>
  Object.values(cpuPerThousand).reduce((a, b) => a + b, 0);

/** Compares the loads: each number as a ratio to a limit or to a peer of the same run. */
export function compare(measurements: Measurements): void {
  const steady = measurements.find('platform, 50 a second');
  const flood = measurements.find('platform, flood');
  if (steady) alone(measurements, steady, flood);
  if (!flood) return;
  measurements.add({
    part: 'referrals',
    what: 'saturated',
    unit: 'referrals/s',
    ...figureOf(flood, rateOf),
  });
  besideBare(measurements, flood);
  besidePeers(measurements, flood);
}

function alone(measurements: Measurements, steady: Measured, flood: Measured | undefined): void {
  for (const [what, of] of STEPS)
    measurements.add({
      part: 'referrals',
      what: `p99 ${what}, 50/s`,
      unit: 'ms',
      ...aimFor(flood),
      ...figureOf(steady, (load) => load[of].p99),
    });
  measurements.add({
    part: 'referrals',
    what: 'processor for 1,000 referrals, 50/s, all processes',
    unit: 's',
    ...figureOf(steady, cpuOf),
  });
}

/** The aim in milliseconds, or the reason why this machine has none. */
function aimFor(flood: Measured | undefined): { readonly aim: Aim } | { readonly remark: string } {
  if (flood?.carried && flood.perSecond >= P99_FROM_PER_SECOND) return { aim: P99 };
  const reached = flood?.carried ? `${flood.perSecond}/s` : 'no measured rate';
  return {
    remark: `≤ ${P99.limit} ms where the machine carries ${P99_FROM_PER_SECOND}/s; here ${reached}`,
  };
}

/** The bare pipeline as committed at 0.1.0 is the reference; the set-based limit has no aim. */
function besideBare(measurements: Measurements, flood: Measured): void {
  const bare = measurements.find('bare, flood');
  if (bare) {
    saturated(measurements, flood, bare, 'bare, same rows', SATURATED_OF_BARE);
    besideBareAtHalfLoad(measurements);
  }
  const setBased = measurements.find('set-based, flood');
  if (setBased) saturated(measurements, flood, setBased, 'set-based limit');
}

function besideBareAtHalfLoad(measurements: Measurements): void {
  const half = measurements.find('platform, half load');
  const bare = measurements.find('bare, half load');
  const ratio = (read: (load: Measured) => number): ValueOrReason =>
    half && bare
      ? ratioOf(half, bare, read)
      : notMeasured('the rate of half of the saturation is not known');
  const at = half?.pace.kind === 'open' ? `half load (${half.pace.perSecond}/s)` : 'half load';
  for (const [what, of] of STEPS)
    measurements.add({
      part: 'bare',
      what: `p99 ${what}, ${at}: platform / bare`,
      unit: '×',
      aim: P99_OF_BARE,
      ...ratio((load) => load[of].p99),
    });
  measurements.add({
    part: 'bare',
    what: `processor for 1,000 referrals, ${at}: platform / bare`,
    unit: '×',
    aim: CPU_OF_BARE,
    ...ratio(cpuOf),
  });
}

function besidePeers(measurements: Measurements, flood: Measured): void {
  const durable = DURABLE_PEERS.flatMap((name) => measurements.find(`${name}, flood`) ?? []);
  const best = durable
    .filter(({ carried }) => carried)
    .toSorted((a, b) => b.perSecond - a.perSecond)[0];
  // Where none was carried, the row of the first says so.
  const compared = best ?? durable[0];
  if (compared) {
    const name = `best durable peer (${compared.name.split(',')[0]})`;
    saturated(measurements, flood, compared, name, SATURATED_OF_BEST_PEER);
  }
  for (const name of PEERS) {
    const peer = measurements.find(`${name}, flood`);
    if (peer) saturated(measurements, flood, peer, name);
  }
}

function saturated(
  measurements: Measurements,
  flood: Measured,
  other: Measured,
  name: string,
  aim?: Aim,
): void {
  measurements.add({
    part: 'bare',
    what: `saturated: platform / ${name}`,
    unit: '×',
    ...(aim ? { aim } : {}),
    ...ratioOf(flood, other, rateOf),
  });
}
