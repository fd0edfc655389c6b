import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../ports.ts';
import { processState } from './state.fixture.ts';
import { type ProcessOptions, type SupervisedProcess, superviseProcess } from './supervise.ts';

let logDirectory: string;
let child: SupervisedProcess | undefined;
beforeAll(async () => {
  logDirectory = await mkdtemp(join(tmpdir(), 'opennrm-supervise-'));
});
afterEach(() => child?.stop('SIGKILL'));
afterAll(() => rm(logDirectory, { recursive: true }));

/** A process that answers 200 on the port it is told. */
const SERVER =
  'require("http").createServer((_, answer) => answer.end()).listen(process.env.PORT, "127.0.0.1")';

async function server(options: Partial<ProcessOptions> = {}): Promise<SupervisedProcess> {
  const port = await freePort();
  child = await superviseProcess({
    name: 'server',
    command: process.execPath,
    args: ['-e', SERVER],
    env: { PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/`,
    logDirectory,
    ...options,
  });
  return child;
}

it('starts a process again that died, and says so', async () => {
  const lines: string[] = [];
  const running = await server({ restart: true, progress: (line) => lines.push(line) });
  const first = running.pid();
  await running.kill();
  await running.whenReady();
  expect(running.pid()).not.toBe(first);
  expect(running.restarts()).toBe(1);
  expect(lines).toEqual(['server ended (SIGKILL); starting it again in 100 ms.']);
});

it('leaves a process down that was stopped, and starts it when asked', async () => {
  const running = await server({ restart: true });
  await running.stop();
  expect(running.pid()).toBeUndefined();
  expect(running.restarts()).toBe(0);
  await running.start();
  expect(running.pid()).toBeDefined();
});

it('freezes a process, and ends a frozen one', async () => {
  const running = await server();
  const stat = () => processState(running.pid() ?? 0);
  running.pause();
  await vi.waitFor(async () => expect(await stat()).toMatch(/^T/));
  running.resume();
  await vi.waitFor(async () => expect(await stat()).not.toMatch(/^T/));
  running.pause();
  await running.stop();
  expect(running.pid()).toBeUndefined();
});

it('says why a process did not come up, with the end of its log', async () => {
  const failing = server({
    args: ['-e', 'console.error("the setting X is missing"); process.exit(3)'],
  });
  await expect(failing).rejects.toThrow(/server ended \(exit 3\)[\s\S]*the setting X is missing/);
});

it('says that a command is not there', async () => {
  await expect(server({ command: 'no-such-command' })).rejects.toThrow('server ended (exit 127)');
});

it('passes to a child only those environment variables that every program needs', async () => {
  vi.stubEnv('SECRET_OF_THE_LAUNCHER', 'x');
  const port = await freePort();
  const refusing = `if (process.env.SECRET_OF_THE_LAUNCHER) process.exit(4); ${SERVER}`;
  const running = await server({
    args: ['-e', refusing],
    env: { PORT: String(port) },
    readyUrl: `http://127.0.0.1:${port}/`,
  });
  expect(running.pid()).toBeDefined();
  vi.unstubAllEnvs();
});
