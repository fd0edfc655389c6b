/**
 * Runs `npm install` where the packages of the lock file are not installed yet, so that one command is enough on a fresh clone. It runs on the
 * Node of the machine, before the Node of this project is installed: so plain JavaScript, no package, no TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Written after a successful install; its content is the hash of the installed lock file. */
const stamp = `${root}node_modules/.installed-lock`;
const hash = () =>
  createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash()) {
  process.stderr.write('Installing the packages of package-lock.json (npm install) …\n');
  // On an older Node each package that needs the Node of this install prints a warning: 300 lines that hide real errors.
  const { status } = spawnSync('npm', ['install', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(
      'npm install failed. Its last lines state the reason; correct it and run the same command again.\n',
    );
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, hash());
}
