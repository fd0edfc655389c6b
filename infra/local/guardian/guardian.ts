import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * What ends our children when this process cannot do it itself: a separate process at the other end of a pipe. It acts
 * when the pipe closes, so it works after SIGKILL and a crash too, and is harmless after an orderly stop.
 */
export interface Guardian {
  /** End this process group, first with `gentle`, then with SIGKILL. */
  watch(group: number, gentle: NodeJS.Signals): void;
  forget(group: number): void;
  /** Remove this directory at the end, unless `keep` is called (it was removed already). */
  remove(directory: string): void;
  keep(directory: string): void;
  /** Remove this container, by its name, at the end, whether it was started by then or not. */
  container(name: string): void;
  containerGone(name: string): void;
}

/** What the guard's `docker` needs to reach the same engine as we do. */
const HANDED_ON = [
  'PATH',
  'HOME',
  'XDG_RUNTIME_DIR',
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
];

let only: Guardian | undefined;

/** The guardian of this process, started at first use. It never keeps this process alive. */
export function guardian(): Guardian {
  only ??= startGuardian();
  return only;
}

function startGuardian(): Guardian {
  const guard = spawn(process.execPath, [fileURLToPath(new URL('./guard.ts', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: Object.fromEntries(HANDED_ON.map((name) => [name, process.env[name]])),
  });
  guard.unref();
  guard.stdin.on('error', () => undefined);
  // A pipe to a child is a socket underneath; unref lets a launcher that has finished exit by itself.
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  const say = (...words: (string | number)[]): void => void guard.stdin.write(`${words.join('\t')}\n`);
  return {
    watch: (group, gentle) => say('watch', group, gentle),
    forget: (group) => say('forget', group),
    remove: (directory) => say('remove', directory),
    keep: (directory) => say('keep', directory),
    container: (name) => say('container', name),
    containerGone: (name) => say('container-gone', name),
  };
}
