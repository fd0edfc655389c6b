import { execFile } from 'node:child_process';

const ps = (args: readonly string[]): Promise<string> =>
  new Promise((resolve) => execFile('ps', args, (_error, stdout) => resolve(stdout)));

/** The state of a process in `ps` (`T` frozen, `Z` ended but not collected yet); empty when it does not exist. */
export const processState = async (pid: number): Promise<string> =>
  (await ps(['-o', 'stat=', '-p', String(pid)])).trim();

/** True while a process exists and has not ended. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state !== '' && !state.startsWith('Z');
}

/** All descendants of a process, with their commands. */
export async function descendantsOf(
  root: number,
): Promise<{ readonly pid: number; readonly command: string }[]> {
  const all = (await ps(['-eo', 'pid=,ppid=,args='])).split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const below = (pid: number): typeof all =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(root).map(({ pid, command }) => ({ pid, command }));
}
