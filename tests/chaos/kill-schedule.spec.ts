import { spawn } from 'node:child_process';
import { inRepository } from '@opennrm/infra/local';
import { expect, it } from 'vitest';

const MIN_FAULTS = 30;
/** Of the 200 requests that are sent during the faults. */
const ACCEPTED_AT_LEAST = 150;

interface ProcessResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the command as an operator starts it. */
function chaos(...args: string[]): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=TimeoutNegativeWarning', inRepository('infra/chaos/chaos.ts'), ...args],
      { cwd: inRepository('.'), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    // An interrupted test run ends this process too; the reaper then ends what it started.
    process.once('exit', () => child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

it('no accepted request is lost and no bed is doubled while processes, brokers, connections and the database are killed for two minutes', async () => {
  const { code, output } = await chaos('--minutes', '2', '--seed', '7');
  expect(code, output).toBe(0);
  const [, faults] =
    /(\d+) faults: 0 lost, 0 doubled, no referral without a deadline/.exec(output) ?? [];
  expect(Number(faults), output).toBeGreaterThanOrEqual(MIN_FAULTS);
  const [, accepted] = /PEOPLE: 200 requests planned, (\d+) accepted/.exec(output) ?? [];
  expect(Number(accepted), output).toBeGreaterThanOrEqual(ACCEPTED_AT_LEAST);
});

it('`npm run chaos` refuses a platform that it did not start, and prints the right command', async () => {
  const { code, output } = await chaos('--platform', '.opennrm/platform.json');
  expect(code).toBe(2);
  expect(output).toContain('Start it without: npm run chaos -- --minutes 2');
});
