import { neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import { minutes } from '@opennrm/runtime/decision';
import type { Request } from '../actors/request.ts';
import { closePools } from '../rows.ts';
import type { Simulation } from '../simulation.ts';
import { databaseReaderOf } from './delivered.ts';
import { findLeaks } from './leaks.ts';

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

const LATE_MS = minutes(30);

/** Checks promises 1, 2 and 4 against the databases and topics. @returns the exit code. */
export async function checkPromises(
  simulation: Simulation,
  requests: readonly Request[],
): Promise<number> {
  const reader = databaseReaderOf(simulation);
  const sent = requests
    .filter((one) => one.need.arrivesAt + LATE_MS < simulation.now())
    .map((one) => one.referralId);
  const findings = [
    ...(await neverLost(reader, sent)).map((one) => ({ promise: '1 never lost', ...one })),
    ...(await neverDoubled(reader)).map((one) => ({ promise: '2 never doubled', ...one })),
    ...(await nothingLeftOver(reader)).map((one) => ({ promise: '1 nothing left over', ...one })),
    ...(await findLeaks(simulation)).map((one) => ({ promise: '4 confidential', ...one })),
  ];
  print('\nTHE PROMISES, CHECKED AGAINST DATABASES AND TOPICS');
  for (const { promise, statement, violations } of findings) {
    print(`  ${violations.length === 0 ? 'kept  ' : 'BROKEN'} ${promise}: ${statement}`);
    for (const one of violations.slice(0, 5)) print(`           ${one}`);
  }
  await closePools();
  const broken =
    findings.filter((one) => one.violations.length > 0).length + simulation.failures.length;
  print(broken === 0 ? '\nAll promises kept.' : `\n${broken} violation(s) of the promises.`);
  return broken === 0 ? 0 : 1;
}
