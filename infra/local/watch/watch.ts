import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs/promises';
import { sep } from 'node:path';
import type { SupervisedProcess } from '../process/supervise.ts';
import { inRepository, type Progress, repository } from '../repository.ts';
import { type Consequence, consequenceOf } from './changed.ts';

const FOLDERS = ['services', 'packages', 'proto', 'infra/countries'];
/** An editor writes a file several times when it saves. */
const SETTLED_AFTER_MS = 200;

/** Starts a service again when one of its files changes, and all services when a shared file changes. Never ends. */
export function restartOnChange(
  processes: Readonly<Record<string, SupervisedProcess>>,
  progress: Progress,
): void {
  const changed = new Set<string>();
  let settled: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const note = (path: string): void => {
    changed.add(path);
    clearTimeout(settled);
    settled = setTimeout(() => {
      const paths = [...changed];
      changed.clear();
      work = work.then(() => apply(paths, processes, progress));
    }, SETTLED_AFTER_MS);
  };
  for (const folder of FOLDERS) void noteChanges(folder, note);
}

async function noteChanges(folder: string, note: (path: string) => void): Promise<void> {
  for await (const { filename } of watch(inRepository(folder), { recursive: true }))
    if (filename) note(`${folder}/${filename.split(sep).join('/')}`);
}

async function apply(
  paths: readonly string[],
  processes: Readonly<Record<string, SupervisedProcess>>,
  progress: Progress,
): Promise<void> {
  const consequences = paths.map((path) => consequenceOf(path, Object.keys(processes)));
  if (consequences.some(({ generate }) => generate) && !generated(progress)) return;
  for (const name of namesOf(consequences)) {
    progress(`A file changed: starting ${name} again …`);
    await processes[name]?.stop();
    await processes[name]?.start().then(
      () => progress(`${name} is ready.`),
      (error: Error) =>
        progress(
          `${error.message}\nCorrect the code and save it; then the service is started again.`,
        ),
    );
  }
}

const namesOf = (consequences: readonly Consequence[]): Set<string> =>
  new Set(consequences.flatMap(({ services }) => services));

function generated(progress: Progress): boolean {
  progress('A proto file changed: generating …');
  try {
    execFileSync('npm', ['run', '-s', 'generate'], { cwd: repository, stdio: 'inherit' });
    return true;
  } catch {
    progress(
      'The generation failed; the lines above state the reason. The services continue with the old code.',
    );
    return false;
  }
}
