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

/** A program that answers 200 on the port in its environment. */
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

it('a supervised process that was killed is started again, and this is reported', async () => {
  const lines: string[] = [];
  const running = await server({ restart: true, progress: (line) => lines.push(line) });
  const first = running.pid();
  await running.kill();
  await running.whenReady();
  expect(running.pid()).not.toBe(first);
  expect(running.restarts()).toBe(1);
  expect(lines).toEqual(['server ended (SIGKILL); starting it again in 100 ms.']);
});

it('a supervised process that was stopped stays stopped until it is started', async () => {
  const running = await server({ restart: true });
  await running.stop();
  expect(running.pid()).toBeUndefined();
  expect(running.restarts()).toBe(0);
  await running.start();
  expect(running.pid()).toBeDefined();
});

it('a supervised process can be frozen and resumed, and stopped while it is frozen', async () => {
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

it('a supervised process that fails to start is reported with the end of its log', async () => {
  const failing = server({
    args: ['-e', 'console.error("the setting X is missing"); process.exit(3)'],
  });
  await expect(failing).rejects.toThrow(/server ended \(exit 3\)[\s\S]*the setting X is missing/);
});

it('a command that does not exist is reported with exit code 127', async () => {
  await expect(server({ command: 'no-such-command' })).rejects.toThrow('server ended (exit 127)');
});

it('a supervised process gets only those environment variables of the launcher that every program needs', async () => {
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
