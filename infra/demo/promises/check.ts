import { neverDoubled, neverLost, nothingLeftOver } from '@opennrm/infra/promises';
import { minutes } from '@opennrm/runtime/decision';
import type { Request } from '../actors/requesters.ts';
import type { Desk } from '../desk.ts';
import { closePools } from '../rows.ts';
import { lookOf } from './quiet.ts';
import { wrongEyes } from './wrong-eyes.ts';

const print = (text = ''): void => void process.stdout.write(`${text}\n`);

const LATE_MS = minutes(30);

/** Checks promises 1, 2 and 4 against the databases and topics. @returns the exit code. */
export async function checkPromises(desk: Desk, requests: readonly Request[]): Promise<number> {
  const look = lookOf(desk);
  const sent = requests.filter((one) => one.need.arrivesAt + LATE_MS < desk.now()).map((one) => one.referralId);
  const findings = [
    ...(await neverLost(look, sent)).map((one) => ({ promise: '1 never lost', ...one })),
    ...(await neverDoubled(look)).map((one) => ({ promise: '2 never doubled', ...one })),
    ...(await nothingLeftOver(look)).map((one) => ({ promise: '1 nothing left over', ...one })),
    ...(await wrongEyes(desk)).map((one) => ({ promise: '4 never seen by the wrong eyes', ...one })),
  ];
  print('\nTHE PROMISES, CHECKED AGAINST DATABASES AND TOPICS');
  for (const { promise, says, against } of findings) {
    print(`  ${against.length === 0 ? 'kept  ' : 'BROKEN'} ${promise}: ${says}`);
    for (const one of against.slice(0, 5)) print(`           ${one}`);
  }
  await closePools();
  const broken = findings.filter((one) => one.against.length > 0).length + desk.failures.length;
  print(broken === 0 ? '\nAll promises kept.' : `\n${broken} finding(s) against the promises.`);
  return broken === 0 ? 0 : 1;
}
