import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inRepository, scratchDirectory } from '@opennrm/infra/local';
import { type Manifest, misfitsOf } from './misfits.ts';

/**
 * The last commit of 0.1.0: decision 23, with which the changes for 0.2.0 begin, came after it. The changelog names no commit. The tables
 * of the bare pipeline are those of this commit too.
 */
export const FIRST_VERSION = 'b324ce8820dc41c5efc927c1ba44decc2ac54cb2';

/** A checkout of 0.1.0 that can run. */
export interface Checkout {
  readonly folder: string;
  remove(): Promise<void>;
}

const run = promisify(execFile);
const here = inRepository('.');
const git = (...args: string[]) => run('git', args, { cwd: here });

/** Undefined when 0.1.0 can be checked out here, otherwise the reason why not. */
export async function whyNoCheckout(): Promise<string | undefined> {
  try {
    await git('cat-file', '-e', `${FIRST_VERSION}^{commit}`);
    return undefined;
  } catch {
    return `this checkout has no commit ${FIRST_VERSION.slice(0, 7)} (0.1.0): fetch the whole history`;
  }
}

/**
 * Adds a git worktree of 0.1.0 in a temporary folder, with links to the installed packages of this checkout.
 * @throws Error when a package is installed in another version than 0.1.0 needs.
 */
export async function checkOutFirstVersion(): Promise<Checkout> {
  const scratch = await scratchDirectory('bench-first-version');
  const folder = scratch.path;
  const remove = async (): Promise<void> => {
    await git('worktree', 'remove', '--force', folder).catch(() => undefined); // it may not be there yet
    await scratch.remove();
  };
  try {
    await git('worktree', 'add', '--detach', folder, FIRST_VERSION);
    const workspaces = await workspacesIn(folder);
    await refuseMisfits(workspaces);
    await linkPackages(folder, workspaces);
    await run(process.execPath, ['packages/contracts/generate.ts'], { cwd: folder });
    return { folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Workspace extends Manifest {
  readonly name: string;
  readonly path: string;
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

async function workspacesIn(folder: string): Promise<Workspace[]> {
  const { workspaces } = (await readJson(join(folder, 'package.json'))) as { workspaces: string[] };
  const files = globSync(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: folder },
  );
  return Promise.all(
    files.map(async (file) => ({
      ...((await readJson(join(folder, file))) as Manifest & { name: string }),
      path: join(folder, dirname(file)),
    })),
  );
}

/** The bench and the tests of 0.1.0 have packages of their own, which a rebuild does not use. */
const NOT_USED = ['@opennrm/bench', '@opennrm/tests'];

async function refuseMisfits(workspaces: readonly Workspace[]): Promise<void> {
  const used = workspaces.filter(({ name }) => !NOT_USED.includes(name));
  const misfits = await misfitsOf(used, async (name) => {
    const file = join(here, 'node_modules', name, 'package.json');
    const installed = await readJson(file).catch(() => undefined);
    return (installed as { version: string } | undefined)?.version;
  });
  if (misfits.length > 0) throw new Error(`0.1.0 needs other packages: ${misfits.join(', ')}`);
}

/** A link for each package: those of the platform to the worktree, all others to this checkout. */
async function linkPackages(folder: string, workspaces: readonly Workspace[]): Promise<void> {
  const [from, to] = [join(here, 'node_modules'), join(folder, 'node_modules')];
  await mkdir(join(to, '@opennrm'), { recursive: true });
  const others = (await readdir(from)).filter((name) => name !== '@opennrm');
  for (const name of others) await symlink(join(from, name), join(to, name));
  for (const { name, path } of workspaces) await symlink(path, join(to, name));
}
