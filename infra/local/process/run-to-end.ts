import { spawn } from 'node:child_process';
import { reaper } from '../reaper/reaper.ts';

export interface FinishOptions {
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** The command could not be found on this machine. */
export class CommandMissing extends Error {
  override name = 'CommandMissing';
}

/**
 * Runs a command to its end. @returns everything that it printed.
 * @throws CommandMissing when there is no such command; Error with the end of its output when it fails.
 */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: FinishOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) reaper().watch(pid, 'SIGKILL');
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new CommandMissing(`${command} was not found`) : error),
    );
    child.once('close', (code, signal) => {
      if (pid !== undefined) reaper().forget(pid);
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${command} ended (${signal ?? `exit ${code}`}):\n${output.trimEnd().slice(-4_000)}`,
          ),
        );
    });
  });
}
