import { type Finding, neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import { table } from '@opennrm/infra/report';
import { databaseReaderOf } from '../demo/promises/delivered.ts';
import { countStages } from '../demo/report/stages.ts';
import type { Simulation } from '../demo/simulation.ts';
import type { FaultInjector } from './fault-injector.ts';
import type { ChaosOptions } from './options.ts';
import type { Outage } from './outage.ts';

export interface ChaosResult {
  readonly options: ChaosOptions;
  readonly desk: Simulation;
  readonly faultInjector: FaultInjector;
  readonly outages: readonly Outage[];
  /** Requests that were planned to be made in this time. */
  readonly planned: number;
  /** How many had come how far at the moment when nothing was hurt any more. */
  readonly stagesBefore: Readonly<Record<string, number>>;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

/** Prints what was done to the platform, what became of the people, and what was found against the promises. @returns the exit code. */
export async function report(
  result: ChaosResult,
  printLine: (line: string) => void,
): Promise<number> {
  reportFaults(result, printLine);
  reportOutages(result, printLine);
  await reportPeople(result, printLine);
  const findings = await findingsOf(result);
  printLine('\nTHE PROMISES');
  for (const { statement, violations } of findings) {
    printLine(`  ${violations.length === 0 ? 'kept  ' : 'BROKEN'} ${statement}`);
    for (const one of violations.slice(0, 10)) printLine(`           ${one}`);
  }
  const broken = findings.filter((one) => one.violations.length > 0).length;
  const { minutes, seed, faultsPerMinute } = result.options;
  const again = `Again: npm run chaos -- --minutes ${minutes} --seed ${seed} --faults-per-minute ${faultsPerMinute}`;
  printLine(
    broken === 0
      ? `\n${result.faultInjector.count} strikes: 0 lost, 0 doubled, no referral without a deadline. ${again}`
      : `\n${broken} promise(s) broken. ${again}`,
  );
  return broken === 0 ? 0 : 1;
}

function reportFaults(
  { faultInjector, desk: simulation }: ChaosResult,
  printLine: (line: string) => void,
): void {
  printLine(`\nFAULTS: ${faultInjector.count}`);
  for (const [kind, count] of [...faultInjector.done].sort())
    printLine(`  ${String(count).padStart(5)} ${kind}`);
  const restarts = simulation.platform.services
    .flatMap(({ replicas }) => replicas.map(({ process }) => process.restarts()))
    .reduce((sum, one) => sum + one, 0);
  printLine(`  ${restarts} times a process of a service was started again.`);
}

function reportOutages({ outages }: ChaosResult, printLine: (line: string) => void): void {
  printLine('\nWITHOUT SERVICE (no replica was ready, looked at twice a second)');
  const rows = outages.map((one) => [one.service, seconds(one.total), seconds(one.longest)]);
  printLine(table([['service', 'in all', 'longest'], ...rows]));
}

async function reportPeople(
  { desk: simulation, planned, stagesBefore }: ChaosResult,
  printLine: (line: string) => void,
): Promise<void> {
  const after = await countStages(simulation);
  printLine(`\nPEOPLE: ${planned} requests planned, ${simulation.accepted.size} taken`);
  const stages = [...new Set([...Object.keys(after), ...Object.keys(stagesBefore)])];
  const rows = stages.map((stage) => [stage, stagesBefore[stage] ?? 0, after[stage] ?? 0]);
  printLine(table([['', 'after the last strike', 'at the end'], ...rows]));
}

async function findingsOf({ desk: simulation, faultInjector }: ChaosResult): Promise<Finding[]> {
  const reader = databaseReaderOf(simulation);
  return [
    ...(await neverLost(reader, [...simulation.accepted])),
    ...(await neverDoubled(reader)),
    ...(await nothingLeftOver(reader)),
    {
      statement: 'whoever was not answered was answered when asking again',
      violations: simulation.failures,
    },
    { statement: 'everything that was hurt runs again', violations: faultInjector.notRecovered },
  ];
}
