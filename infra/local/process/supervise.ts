import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { reaper } from '../reaper/reaper.ts';
import { inRepository, type Progress } from '../repository.ts';
import { backOff } from './back-off.ts';
import { answersOk, pollUntil } from './ready.ts';
import { tailOf } from './tail.ts';

/** How a process ended: an exit code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  /** The name of the process in its log file and in lines of progress. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Environment variables of the child. Of the launcher's own only PATH, HOME, TMPDIR and LANG are passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Start the process again when it ends after it was ready, with back-off. Default false. */
  readonly restart?: boolean;
  readonly onExit?: (exit: Exit) => void;
  /** The process is ready when this address answers 200. */
  readonly readyUrl?: string;
  /** The process is ready when this is true; for processes without HTTP. */
  readonly isReady?: () => Promise<boolean>;
  /** Milliseconds; 30 s by default. */
  readonly readyWithin?: number;
  /** Default `.opennrm/logs`. */
  readonly logDirectory?: string;
  readonly progress?: Progress;
  readonly stopSignal?: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
}

/** A child process that fault tests can kill, pause and start again. */
export interface SupervisedProcess {
  readonly name: string;
  readonly logFile: string;
  /** Undefined while the process does not run. */
  pid(): number | undefined;
  /** How often the process was started again after it ended. */
  restarts(): number;
  /** Sends a signal (default SIGKILL) and waits for the end. With `restart` the process is then started again. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Sends SIGSTOP: the process freezes and keeps its sockets and locks. */
  pause(): void;
  resume(): void;
  /** Waits until the process is ready. @throws Error with the end of its log when it is not ready in time. */
  whenReady(): Promise<void>;
  /** Sends the stop signal (default SIGTERM), after ten seconds SIGKILL. The process stays stopped until `start`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the process after `stop`, or after it ended without `restart`; resolves when it is ready. */
  start(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/**
 * Starts a process in a group of its own, logged to a file, watched by the reaper; resolves when it is ready.
 * @throws Error with the end of the log when it ends or is not ready in time.
 */
export async function superviseProcess(options: ProcessOptions): Promise<SupervisedProcess> {
  const supervisor = new Supervisor(options);
  await supervisor.start();
  return supervisor;
}

class Supervisor implements SupervisedProcess {
  readonly name: string;
  readonly logFile: string;
  readonly #options: ProcessOptions;
  readonly #delay = backOff({ first: 100, most: 5_000 });
  #child: ChildProcess | undefined;
  #wanted = false;
  #wasReady = false;
  #restarts = 0;
  #lastExit: Exit | undefined;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
    const directory = options.logDirectory ?? inRepository('.opennrm/logs');
    mkdirSync(directory, { recursive: true });
    this.logFile = join(directory, `${options.name}.log`);
    closeSync(openSync(this.logFile, 'w'));
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  restarts(): number {
    return this.#restarts;
  }

  async start(): Promise<void> {
    if (this.#child) return this.whenReady();
    this.#wanted = true;
    this.#wasReady = false;
    this.#spawn();
    try {
      await this.whenReady();
      this.#wasReady = true;
    } catch (error) {
      await this.stop('SIGKILL');
      throw error;
    }
  }

  async whenReady(): Promise<void> {
    const within = this.#options.readyWithin ?? 30_000;
    const ready = await pollUntil(within, async () => {
      if (!this.#child && !this.#isRestarted()) return 'dead';
      return (await this.#isReady()) ? 'ready' : undefined;
    });
    if (ready === 'ready') return;
    const what =
      ready === 'dead'
        ? `ended (${exitText(this.#lastExit)})`
        : `was not ready after ${within / 1_000} s`;
    throw new Error(`${this.name} ${what}. The end of ${this.logFile}:\n${tailOf(this.logFile)}`);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#signal(signal);
    this.#signal('SIGCONT');
    await ended;
  }

  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  async stop(signal: NodeJS.Signals = this.#options.stopSignal ?? 'SIGTERM'): Promise<void> {
    this.#wanted = false;
    const late = setTimeout(() => this.#signal('SIGKILL'), STOP_WITHIN_MS);
    await this.kill(signal);
    clearTimeout(late);
  }

  #isReady(): Promise<boolean> {
    const { readyUrl, isReady } = this.#options;
    if (!this.#child) return Promise.resolve(false);
    if (isReady) return isReady();
    return readyUrl === undefined ? Promise.resolve(true) : answersOk(readyUrl);
  }

  #spawn(): void {
    const { command, args, env, uid, gid } = this.#options;
    const log = openSync(this.logFile, 'a');
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...inheritedEnvironment(), ...env },
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    closeSync(log);
    this.#child = child;
    if (child.pid !== undefined) reaper().watch(child.pid, this.#options.stopSignal ?? 'SIGKILL');
    child.once('error', () => this.#ended(child, { code: 127, signal: null })); // the command could not be run
    child.once('exit', (code, signal) => this.#ended(child, { code, signal }));
  }

  #ended(child: ChildProcess, exit: Exit): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#lastExit = exit;
    if (child.pid !== undefined) reaper().forget(child.pid);
    this.#options.onExit?.(exit);
    if (this.#isRestarted()) void this.#restart(exit);
  }

  #isRestarted(): boolean {
    return this.#wanted && this.#wasReady && this.#options.restart === true;
  }

  async #restart(exit: Exit): Promise<void> {
    const delay = this.#delay();
    this.#options.progress?.(
      `${this.name} ended (${exitText(exit)}); starting it again in ${delay} ms.`,
    );
    await pauseFor(delay);
    if (!this.#wanted || this.#child) return;
    this.#restarts += 1;
    this.#spawn();
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // the process has just ended; its exit event comes next
    }
  }
}

const exitText = (exit: Exit | undefined): string =>
  exit?.signal ?? `exit ${exit?.code ?? 'unknown'}`;

const inheritedEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
