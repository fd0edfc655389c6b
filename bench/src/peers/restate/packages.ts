import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PrintLine } from '../../servers.ts';

const SERVER = '1.7.12';
const SDK = '1.17.2';

/** Files of Restate that the bench runs. The server has a licence of its own (BSL) and is no dependency of this repository. */
export interface RestatePackages {
  readonly serverProgram: string;
  readonly sdkModule: string;
}

const run = promisify(execFile);

/** The packages of Restate: the cache, filled with npm the first time. */
export async function restatePackages(printLine: PrintLine): Promise<RestatePackages> {
  const root = process.env.OPENNRM_CACHE ?? join(homedir(), '.cache', 'opennrm');
  const cache = join(root, `restate-${SERVER}-${SDK}`);
  if (!existsSync(cache)) {
    await mkdir(root, { recursive: true });
    printLine(`Fetching Restate ${SERVER} with npm (225 MB, once) …`);
    await fill(cache);
  }
  const scope = join(cache, 'node_modules', '@restatedev');
  return {
    serverProgram: join(
      scope,
      `restate-server-${process.platform}-${process.arch}`,
      'bin/restate-server',
    ),
    sdkModule: join(scope, 'restate-sdk/dist/index.js'),
  };
}

/** Fills another folder and then renames it, so that no process reads a half-filled cache. Of two at the same time the first wins. */
async function fill(cache: string): Promise<void> {
  const filling = await mkdtemp(`${cache}-filling-`);
  try {
    await writeFile(join(filling, 'package.json'), JSON.stringify({ private: true }));
    const wanted = [`@restatedev/restate-server@${SERVER}`, `@restatedev/restate-sdk@${SDK}`];
    // A script of a dependency reports each installation to its author: no script runs.
    const options = ['--prefix', filling, '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...options, ...wanted], { cwd: filling });
    await rename(filling, cache).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(cache)) throw error;
    });
  } finally {
    await rm(filling, { recursive: true, force: true });
  }
}
