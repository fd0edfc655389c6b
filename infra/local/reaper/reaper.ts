import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * What ends our children when this process cannot do it itself: a separate process at the other end of a pipe. It acts
 * when the pipe closes, so it works after SIGKILL and a crash too, and is harmless after an orderly stop.
 */
export interface Reaper {
  /** End this process group, first with `gentle`, then with SIGKILL. */
  watch(group: number, stopSignal: NodeJS.Signals): void;
  forget(group: number): void;
  /** Remove this directory at the end, unless `keep` is called (it was removed already). */
  remove(directory: string): void;
  keep(directory: string): void;
  /** Remove this container, by its name, at the end, whether it was started by then or not. */
  container(name: string): void;
  containerGone(name: string): void;
}

/** What the guard's `docker` needs to reach the same engine as we do. */
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

/** The guardian of this process, started at first use. It never keeps this process alive. */
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
  // A pipe to a child is a socket underneath; unref lets a launcher that has finished exit by itself.
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
