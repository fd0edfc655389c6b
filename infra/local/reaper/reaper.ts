import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Ends our child processes when this process cannot do it itself. It is a separate process at the other end of a pipe and acts
 * when the pipe closes, so it also works after SIGKILL and a crash, and does no harm after a normal stop.
 */
export interface Reaper {
  /** End this process group at the end, first with `stopSignal`, then with SIGKILL. */
  watch(group: number, stopSignal: NodeJS.Signals): void;
  forget(group: number): void;
  /** Remove this directory at the end, unless `keep` is called because it was removed already. */
  remove(directory: string): void;
  keep(directory: string): void;
  /** Remove the container with this name at the end, if it was started. */
  container(name: string): void;
  containerGone(name: string): void;
}

/** Environment variables that the reaper's `docker` needs to reach the same engine. */
const INHERITED_ENVIRONMENT = [
  'PATH',
  'HOME',
  'XDG_RUNTIME_DIR',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
];

let only: Reaper | undefined;

/** The reaper of this process, started at first use. It never keeps this process running. */
export function reaper(): Reaper {
  only ??= startReaper();
  return only;
}

function startReaper(): Reaper {
  const reaperProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('./reaper-process.ts', import.meta.url))],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: Object.fromEntries(INHERITED_ENVIRONMENT.map((name) => [name, process.env[name]])),
    },
  );
  reaperProcess.unref();
  reaperProcess.stdin.on('error', () => undefined);
  // The pipe to a child is a socket; unref lets a finished launcher exit.
  if ('unref' in reaperProcess.stdin && typeof reaperProcess.stdin.unref === 'function')
    reaperProcess.stdin.unref();
  const send = (...words: (string | number)[]): void =>
    void reaperProcess.stdin.write(`${words.join('\t')}\n`);
  return {
    watch: (group, stopSignal) => send('watch', group, stopSignal),
    forget: (group) => send('forget', group),
    remove: (directory) => send('remove', directory),
    keep: (directory) => send('keep', directory),
    container: (name) => send('container', name),
    containerGone: (name) => send('container-gone', name),
  };
}
