import { type Finding, neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import { minutes } from '@opennrm/runtime/decision';
import type { Request } from '../actors/request.ts';
import { closePools } from '../rows.ts';
import type { Simulation } from '../simulation.ts';
import { databaseReaderOf } from './delivered.ts';
import { findLeaks } from './leaks.ts';

/** A statement of a promise that was checked. */
export interface CheckedPromise extends Finding {
  /** The number and name of the promise. */
  readonly promise: string;
}

const LATE_MS = minutes(30);
/** How many violations of one statement are shown. */
export const VIOLATIONS_SHOWN = 5;

/** Checks promises 1, 2 and 4 against the databases and topics. */
export async function checkPromises(
  simulation: Simulation,
  requests: readonly Request[],
): Promise<CheckedPromise[]> {
  const reader = databaseReaderOf(simulation);
  const sent = requests
    .filter((one) => one.need.arrivesAt + LATE_MS < simulation.now())
    .map((one) => one.referralId);
  const [lost, doubled, leftOver, leaks] = await Promise.all([
    neverLost(reader, sent),
    neverDoubled(reader),
    nothingLeftOver(reader),
    findLeaks(simulation),
  ]);
  await closePools();
  return [
    ...lost.map((one) => ({ promise: '1 never lost', ...one })),
    ...doubled.map((one) => ({ promise: '2 never doubled', ...one })),
    ...leftOver.map((one) => ({ promise: '1 nothing left over', ...one })),
    ...leaks.map((one) => ({ promise: '4 confidential', ...one })),
  ];
}

/** Prints each statement with its violations. @returns the exit code. */
export function printPromises(
  findings: readonly CheckedPromise[],
  { failures }: Pick<Simulation, 'failures'>,
  print: (text: string) => void,
): number {
  print('\nTHE PROMISES, CHECKED AGAINST DATABASES AND TOPICS');
  for (const { promise, statement, violations } of findings) {
    print(`  ${violations.length === 0 ? 'kept  ' : 'BROKEN'} ${promise}: ${statement}`);
    for (const one of violations.slice(0, VIOLATIONS_SHOWN)) print(`           ${one}`);
  }
  const broken = findings.filter((one) => one.violations.length > 0).length + failures.length;
  print(broken === 0 ? '\nAll promises kept.' : `\n${broken} violation(s) of the promises.`);
  return broken === 0 ? 0 : 1;
}
