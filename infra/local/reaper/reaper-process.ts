/**
 * The reaper: a process that cleans up after its launcher, also after a crash. It reads orders on its standard input, one a
 * line. When that pipe closes, for any reason, it ends the remaining processes of the launcher and removes its directories.
 * Started by `reaper.ts` in a session of its own, so that Ctrl-C in a terminal does not reach it.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const GENTLE_MS = 3_000;
const groups = new Map<number, NodeJS.Signals>();
const directories = new Set<string>();
const containers = new Set<string>();

/** Sends a signal to a process group; false when the group has no process. */
function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name);
    return true;
  } catch {
    return false;
  }
}

function handleOrder(line: string): void {
  const [order = '', subject = '', detail = ''] = line.split('\t');
  if (order === 'watch') groups.set(Number(subject), detail as NodeJS.Signals);
  else if (order === 'forget') groups.delete(Number(subject));
  else if (order === 'remove') directories.add(subject);
  else if (order === 'keep') directories.delete(subject);
  else if (order === 'container') containers.add(subject);
  else if (order === 'container-gone') containers.delete(subject);
}

async function cleanUp(): Promise<void> {
  for (const [group, stopSignal] of groups) {
    signal(group, stopSignal);
    signal(group, 'SIGCONT'); // a stopped process handles other signals only after it
  }
  const until = Date.now() + GENTLE_MS;
  while ([...groups.keys()].some((group) => signal(group, 0)) && Date.now() < until)
    await pause(25);
  for (const group of groups.keys()) signal(group, 'SIGKILL');
  if (containers.size > 0)
    spawnSync('docker', ['rm', '--force', '--volumes', ...containers], { stdio: 'ignore' });
  for (const directory of directories)
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
}

for (const ignored of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(ignored, () => undefined);
process.stdin.on('error', () => undefined); // a broken pipe closes the reader like an end of input
createInterface({ input: process.stdin })
  .on('line', handleOrder)
  .on('close', () => void cleanUp().then(() => process.exit(0)));
