import { spawn } from 'node:child_process';

/** A shell that runs one block of commands after another, as if they were typed. */
export interface Shell {
  /** @returns what was printed. @throws an error with what was printed when the last command of the block fails. */
  run(block: string): Promise<string>;
  end(): void;
}

const ENDED = '__block_ended';

export function openShell(cwd: string, environment: Readonly<Record<string, string>>): Shell {
  const shell = spawn('bash', {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let printed = '';
  let ended: ((output: string, code: number) => void) | undefined;
  shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
    const [all, output = '', code = ''] =
      printed.match(new RegExp(`^([\\s\\S]*)\n${ENDED} (\\d+)\n`)) ?? [];
    if (all === undefined) return;
    printed = '';
    ended?.(output, Number(code));
  });
  shell.stdin.write('exec 2>&1\n');
  return {
    run: (block) =>
      new Promise((resolve, reject) => {
        ended = (output, code) =>
          code === 0 ? resolve(output) : reject(new Error(`${block}\n${output}`));
        shell.stdin.write(`${block}\nprintf '\\n${ENDED} %s\\n' "$?"\n`);
      }),
    end: () => shell.stdin.end(),
  };
}
