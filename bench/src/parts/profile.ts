import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topFunctions } from '../measure/cpu-profile.ts';
import { watchStatements } from '../measure/statements.ts';
import { startReferralPlatform } from '../platform/referral-platform.ts';
import type { Profile } from '../report/report.ts';
import { type Bench, firstLoad, flood } from './part.ts';
import { referralsUnderLoad } from './referrals.ts';

const PROFILED = ['referral', 'shelter-capacity'];

/** Profiles a flood. It is a load of its own, so that sampling changes no number of the other parts. */
export async function profileReferrals(bench: Bench): Promise<Profile[]> {
  const directory = mkdtempSync(join(tmpdir(), 'opennrm-profile-'));
  const folderOf = (service: string): string => join(directory, service);
  for (const service of PROFILED) mkdirSync(folderOf(service));
  try {
    const referralPlatform = await startReferralPlatform(
      bench.servers,
      bench.printLine,
      (service) =>
        PROFILED.includes(service)
          ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folderOf(service)}` }
          : {},
    );
    let statements: string[] = [];
    try {
      const system = { ...referralsUnderLoad(referralPlatform), name: 'platform, profiled' };
      await firstLoad(bench, system);
      const watching = await watchStatements(bench.servers.postgres.adminUrl);
      await flood(bench, system).finally(async () => {
        statements = await watching.stop();
      });
    } finally {
      await referralPlatform.stop();
    }
    return [
      { title: 'What PostgreSQL was at in a flood of the platform', lines: statements },
      ...PROFILED.map((service) => ({
        title: `Where the processor time of ${service} goes in a flood (own time, by package and by function)`,
        lines: topFunctions(folderOf(service)),
      })),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
