import { type Finding, neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import { table } from '@opennrm/infra/report';
import type { Desk } from '../demo/desk.ts';
import { lookOf } from '../demo/promises/quiet.ts';
import { countStages } from '../demo/report/stages.ts';
import type { Absence } from './absence.ts';
import type { Killer } from './killer.ts';
import type { ChaosOptions } from './options.ts';

export interface Aftermath {
  readonly options: ChaosOptions;
  readonly desk: Desk;
  readonly killer: Killer;
  readonly absences: readonly Absence[];
  /** Requests that were planned to be made in this time. */
  readonly planned: number;
  /** How many had come how far at the moment when nothing was hurt any more. */
  readonly stagesBefore: Readonly<Record<string, number>>;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

/** Prints what was done to the platform, what became of the people, and what was found against the promises. @returns the exit code. */
export async function report(aftermath: Aftermath, say: (line: string) => void): Promise<number> {
  strikes(aftermath, say);
  absent(aftermath, say);
  await people(aftermath, say);
  const findings = await findingsOf(aftermath);
  say('\nTHE PROMISES');
  for (const { says, against } of findings) {
    say(`  ${against.length === 0 ? 'kept  ' : 'BROKEN'} ${says}`);
    for (const one of against.slice(0, 10)) say(`           ${one}`);
  }
  const broken = findings.filter((one) => one.against.length > 0).length;
  const { minutes, seed, strikesAMinute } = aftermath.options;
  const again = `Again: npm run chaos -- --minutes ${minutes} --seed ${seed} --strikes-a-minute ${strikesAMinute}`;
  say(
    broken === 0
      ? `\n${aftermath.killer.count} strikes: 0 lost, 0 doubled, no referral without a clock. ${again}`
      : `\n${broken} promise(s) broken. ${again}`,
  );
  return broken === 0 ? 0 : 1;
}

function strikes({ killer, desk }: Aftermath, say: (line: string) => void): void {
  say(`\nSTRIKES: ${killer.count}`);
  for (const [kind, count] of [...killer.done].sort()) say(`  ${String(count).padStart(5)} ${kind}`);
  const restarts = Object.values(desk.platform.services)
    .flatMap(({ replicas }) => replicas.map(({ process }) => process.restarts()))
    .reduce((sum, one) => sum + one, 0);
  say(`  ${restarts} times a process of a service was started again.`);
}

function absent({ absences }: Aftermath, say: (line: string) => void): void {
  say('\nWITHOUT SERVICE (no replica was ready, looked at twice a second)');
  const rows = absences.map((one) => [one.service, seconds(one.inAll), seconds(one.longest)]);
  say(table([['service', 'in all', 'longest'], ...rows]));
}

async function people({ desk, planned, stagesBefore }: Aftermath, say: (line: string) => void): Promise<void> {
  const after = await countStages(desk);
  say(`\nPEOPLE: ${planned} requests planned, ${desk.accepted.size} taken`);
  const stages = [...new Set([...Object.keys(after), ...Object.keys(stagesBefore)])];
  const rows = stages.map((stage) => [stage, stagesBefore[stage] ?? 0, after[stage] ?? 0]);
  say(table([['', 'after the last strike', 'at the end'], ...rows]));
}

async function findingsOf({ desk, killer }: Aftermath): Promise<Finding[]> {
  const look = lookOf(desk);
  return [
    ...(await neverLost(look, [...desk.accepted])),
    ...(await neverDoubled(look)),
    ...(await nothingLeftOver(look)),
    { says: 'whoever was not answered was answered when asking again', against: desk.failures },
    { says: 'everything that was hurt runs again', against: killer.notMended },
  ];
}
