/**
 * The process that outlives a crashed launcher. It reads orders on its standard input, one a line, and when that pipe
 * closes (the launcher ended in whatever way) it ends what the launcher left running and removes its directories.
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

/** A signal to a whole process group; false when nothing is left of it. */
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
    signal(group, 'SIGCONT'); // a stopped process hears nothing else
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
process.stdin.on('error', () => undefined); // a broken pipe closes the reader like an end
createInterface({ input: process.stdin })
  .on('line', handleOrder)
  .on('close', () => void cleanUp().then(() => process.exit(0)));
