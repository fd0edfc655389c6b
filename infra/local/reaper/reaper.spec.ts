import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { descendantsOf, isAlive } from '../process/state.fixture.ts';

const ENDS_WITHIN = { timeout: 60_000, interval: 100 };

let scratch: string;
let launcher: ChildProcess;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'opennrm-reaper-'));
  await chmod(scratch, 0o755); // the account of the server must reach folders inside
  const logs = await mkdtemp(join(tmpdir(), 'opennrm-reaper-logs-'));
  launcher = spawn(
    process.execPath,
    [fileURLToPath(new URL('./launcher.fixture.ts', import.meta.url)), logs],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: scratch },
    },
  );
  const { stdout } = launcher;
  if (stdout) await once(stdout, 'data');
  await rm(logs, { recursive: true });
});
afterEach(async () => {
  launcher.kill('SIGKILL');
  await rm(scratch, { recursive: true, force: true });
});

it('no process and no directory of a launcher remains when it is killed', async () => {
  const children = await descendantsOf(launcher.pid ?? 0);
  const commands = children.map(({ command }) => command).join(' ');
  for (const expected of ['postgres', 'java', 'node']) expect(commands).toContain(expected);
  expect(await readdir(scratch)).not.toEqual([]);
  const [, cluster = ''] = /-D (\S+)/.exec(commands) ?? [];
  expect(existsSync(cluster), 'the cluster, which may be in memory').toBe(true);

  launcher.kill('SIGKILL');

  for (const { pid } of children)
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), ENDS_WITHIN);
  await vi.waitFor(async () => expect(await readdir(scratch)).toEqual([]), ENDS_WITHIN);
  await vi.waitFor(() => expect(existsSync(cluster)).toBe(false), ENDS_WITHIN);
});
