import { execFile } from 'node:child_process';

const ps = (args: readonly string[]): Promise<string> =>
  new Promise((resolve) => execFile('ps', args, (_error, stdout) => resolve(stdout)));

/** What `ps` says of a process (`T` frozen, `Z` dead but not yet collected); empty when it is gone. */
export const processState = async (pid: number): Promise<string> =>
  (await ps(['-o', 'stat=', '-p', String(pid)])).trim();

/** True while a process can still do something. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state !== '' && !state.startsWith('Z');
}

/** Every process below one, with its command. */
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
