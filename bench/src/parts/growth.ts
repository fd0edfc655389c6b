import { asAdmin } from '@opennrm/infra/local';
import { fillWithCases } from '../growth/fill.ts';
import { startReferralPlatform } from '../platform/referral-platform.ts';
import { ratioOf } from '../report/ratio.ts';
import { settle, startServers } from '../servers.ts';
import { type Bench, loadSteady } from './part.ts';
import { referralsUnderLoad } from './referrals.ts';

const LIMIT = 1.2;

/** The same load on an empty platform and on one with years of data. It has servers of its own, so that no other part disturbs it. */
export async function measureGrowth(outer: Omit<Bench, 'servers'>): Promise<void> {
  const { options, measurements, printLine } = outer;
  const servers = await startServers(printLine);
  const bench: Bench = { ...outer, servers };
  try {
    const referralPlatform = await startReferralPlatform(servers, printLine);
    try {
      const system = referralsUnderLoad(referralPlatform);
      const empty = await loadSteady(bench, system, 'platform, 50 a second, empty');
      for (const cases of options.cases) {
        const began = Date.now();
        await fillWithCases(referralPlatform, cases, printLine);
        await settle(servers);
        const bytes = await sizeOf(servers.postgres.adminUrl);
        printLine(
          `${cases} cases in ${Math.round((Date.now() - began) / 1_000)} s, ${Math.round(bytes / 2 ** 20)} MiB`,
        );
        const full = await loadSteady(bench, system, `platform, 50 a second, ${cases} cases`);
        for (const [what, of] of [
          ['offer visible', 'offered'],
          ['confirmed', 'confirmed'],
        ] as const)
          measurements.add({
            part: 'growth',
            what: `p99 until ${what}, ${cases} cases with 50 events each / empty`,
            unit: '×',
            aim: { side: 'at most', limit: LIMIT },
            ...ratioOf(full, empty, (load) => load[of].p99),
          });
        measurements.add({
          part: 'growth',
          what: `databases with ${cases} cases`,
          value: bytes / 2 ** 30,
          unit: 'GiB',
        });
      }
    } finally {
      await referralPlatform.stop();
    }
  } finally {
    await servers.stop();
  }
}

const sizeOf = (adminUrl: string): Promise<number> =>
  asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ bytes: string }>(
      'SELECT sum(pg_database_size(oid)) AS bytes FROM pg_database',
    );
    return Number(rows[0]?.bytes ?? 0);
  });
