import type { Measured } from '../load/run.ts';
import type { Findings } from './findings.ts';

const P99_MS = 100;
const TIMES_BARE = 2;
const SHARE_OF_BARE = 0.6;
const TIMES_BEST_PEER = 2;
/** Those that lose nothing that they acknowledged. The naive way may apply a message twice, and is compared without an aim. */
const DURABLE_PEERS = ['DBOS', 'emmett'];

/** Puts the loads beside one another: every number as a ratio to a limit, or to a peer, of the same run. */
export function compare(findings: Findings): void {
  const [steady, flood] = [findings.find('road, 50 a second'), findings.find('road, flood')];
  if (steady) alone(findings, steady);
  const bare = { steady: findings.find('bare, 50 a second'), flood: findings.find('bare, flood') };
  if (steady && bare.steady) besideBare(findings, steady, bare.steady);
  if (!flood) return;
  findings.add({ part: 'road', what: 'saturated', value: flood.perSecond, unit: 'referrals/s' });
  const share = (name: string, other: Measured | undefined, aim?: number): void => {
    if (other && other.perSecond > 0)
      findings.add({
        ...{ part: 'bare', what: `saturated: road / ${name}`, value: flood.perSecond / other.perSecond, unit: '×' },
        ...(aim === undefined ? {} : { aim: { side: 'at least', limit: aim } }),
      });
  };
  share('bare, same rows', bare.flood, SHARE_OF_BARE);
  share('set-based limit', findings.find('set-based, flood'));
  const durable = DURABLE_PEERS.flatMap((name) => findings.find(`${name}, flood`) ?? []);
  const best = durable.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  if (best) share(`best durable peer (${best.name.split(',')[0]})`, best, TIMES_BEST_PEER);
  for (const peer of ['DBOS', 'emmett', 'naive']) share(peer, findings.find(`${peer}, flood`));
}

function alone(findings: Findings, steady: Measured): void {
  const aim = { side: 'at most', limit: P99_MS } as const;
  findings.add({ part: 'road', what: 'p99 request → offer visible, 50/s', value: steady.offered.p99, unit: 'ms', aim });
  findings.add({ part: 'road', what: 'p99 accept → confirmed, 50/s', value: steady.confirmed.p99, unit: 'ms', aim });
  const cpu = Object.values(steady.cpuPerThousand).reduce((a, b) => a + b, 0);
  findings.add({ part: 'road', what: 'processor for 1,000 referrals, 50/s, all processes', value: cpu, unit: 's' });
}

function besideBare(findings: Findings, steady: Measured, bare: Measured): void {
  const aim = { side: 'at most', limit: TIMES_BARE } as const;
  for (const [what, of] of [
    ['request → offer visible', 'offered'],
    ['accept → confirmed', 'confirmed'],
  ] as const)
    findings.add({
      ...{ part: 'bare', what: `p99 ${what}, 50/s: road / bare`, value: steady[of].p99 / bare[of].p99, unit: '×', aim },
    });
}
